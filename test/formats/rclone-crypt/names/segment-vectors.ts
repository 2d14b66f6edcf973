/** The name under the zero key, then as rclone spells it in each encoding: TestEncryptSegment… in its cipher_test.go. */
export const segmentVectors: readonly { name: string; base32: string; base64: string; base32768: string }[] = [
  { name: '1', base32: 'p0e52nreeaj0a5ea7s64m4j72s', base64: 'yBxRX25ypgUVyj8MSxJnFw', base32768: '詮㪗鐮僀伎作㻖㢧⪟' },
  {
    name: '12',
    base32: 'l42g6771hnv3an9cgc8cr2n1ng',
    base64: 'qQUDHOGN_jVdLIMQzYrhvA',
    base32768: '竢朧䉱虃光塬䟛⣡蓟',
  },
  {
    name: '123',
    base32: 'qgm4avr35m5loi1th53ato71v0',
    base64: '1CxFf2Mti1xIPYlGruDh-A',
    base32768: '遶㞟鋅缕袡鲅ⵝ蝁ꌟ',
  },
  {
    name: '1234',
    base32: '8ivr2e9plj3c3esisjpdisikos',
    base64: 'RL-xOTmsxsG7kuTy2XJUxw',
    base32768: '䢟銮䵵狌㐜燳谒颴詟',
  },
  {
    name: '12345',
    base32: 'rh9vu63q3o29eqmj4bg6gg7s44',
    base64: '3FP_GHoeBJdq0yLgaED8IQ',
    base32768: '钉Ꞇ㖃蚩憶狫朰杜㜿',
  },
  {
    name: '123456',
    base32: 'bn717l3alepn75b2fb2ejmi4b4',
    base64: 'Xc4T1Gqrs3OVYnrE6dpEWQ',
    base32768: '啇ᚵⵕ憗䋫➫➓肤卟',
  },
  {
    name: '1234567',
    base32: 'n6bo9jmb1qe3b1ogtj5qkf19k8',
    base64: 'uZeEzssOnDWHEOzLqjwpog',
    base32768: '茫螓翁連劘樓㶔抉矟',
  },
  {
    name: '12345678',
    base32: 'u9t24j7uaq94dh5q53m3s4t9ok',
    base64: '8noiTP5WkkbEuijsPhOpxQ',
    base32768: '龝☳䘊辄岅較络㧩襟',
  },
  {
    name: '123456789',
    base32: '37hn305g6j12d1g0kkrl7ekbs4',
    base64: 'GeNxgLA0wiaGAKU3U7qL4Q',
    base32768: 'ⲱ苀㱆犂媐Ꮤ锇惫靟',
  },
  {
    name: '1234567890',
    base32: 'ot8d91eplaglb62k2b1trm2qv0',
    base64: 'x1DUhdmqoVWYVBLD3dha-A',
    base32768: '計宁憕偵匢皫╛纺ꌟ',
  },
  {
    name: '12345678901',
    base32: 'h168vvrgb53qnrtvvmb378qrcs',
    base64: 'iEyP_3BZR6vvv_2WM6NbZw',
    base32768: '檆䨿鑫㪺藝ꡖ勇䦛婟',
  },
  {
    name: '123456789012',
    base32: 's3hsdf9e29ithrqbjqu01t8q2s',
    base64: '4OPGvS4SZdjvS568APUaFw',
    base32768: '雑頏䰂䲝淚哚鹡魺⪟',
  },
  {
    name: '1234567890123',
    base32: 'cf3jimlv1q2oc553mv7s3mh3eo',
    base64: 'Y8c5Wr8OhYYUo7fPwdojdg',
    base32768: '塃璶繁躸圅㔟䗃肃懟',
  },
  {
    name: '12345678901234',
    base32: 'moq0uqdlqrblrc5pa5u5c7hq9g',
    base64: 'tjQPabXW112wuVF8Vh46TA',
    base32768: '腺ᕚ崚鏕鏥讥鼌䑺䲿',
  },
  {
    name: '123456789012345',
    base32: 'eeam3li4rnommi3a762h5n7meg',
    base64: 'c5Vh1kTd8WtIajmFEtz2dA',
    base32768: '怪绕滻蕶肣但⠥荖惟',
  },
  {
    name: '1234567890123456',
    base32: 'mijbj0frqf6ms7frcr6bd9h0env53jv96pjaaoirk7forcgpt70g',
    base64: 'tKa5gfvTzW4d-2bMtqYgdf5Rz-k2ZqViW6HfjbIZ6cE',
    base32768: '肳哀旚挶靏鏻㾭䱠慟㪳ꏆ賊兲铧敻塹魀ʟ',
  },
];
