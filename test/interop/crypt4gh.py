"""Crypt4GH once more, plainly, on libsodium's own key exchange and AEAD (python3-nacl): a peer for the tests.

  crypt4gh.py seal WRITER_SECRET RECIPIENT...   standard input → a Crypt4GH file; keys in hex
  crypt4gh.py open SECRET                       a Crypt4GH file → its plain bytes
  crypt4gh.py secret FILE PASSPHRASE            the secret key in a Crypt4GH key file, in hex
  crypt4gh.py convert                           lines of Ed25519 seeds in hex → X25519 secret and public keys
"""
import base64
import hashlib
import os
import sys

import bcrypt
from nacl import bindings as sodium

CHUNK = 65536
encrypt = sodium.crypto_aead_chacha20poly1305_ietf_encrypt
decrypt = sodium.crypto_aead_chacha20poly1305_ietf_decrypt


def u32(number):
    return number.to_bytes(4, "little")


def seal(secret, recipients):
    plain = sys.stdin.buffer.read()
    data_key = os.urandom(32)
    public = sodium.crypto_scalarmult_base(secret)
    out = b"crypt4gh" + u32(1) + u32(len(recipients))
    for recipient in recipients:
        _, key = sodium.crypto_kx_server_session_keys(public, secret, recipient)
        nonce = os.urandom(12)
        packet = u32(0) + public + nonce + encrypt(u32(0) + u32(0) + data_key, None, nonce, key)
        out += u32(4 + len(packet)) + packet
    for start in range(0, len(plain), CHUNK):
        nonce = os.urandom(12)
        out += nonce + encrypt(plain[start : start + CHUNK], None, nonce, data_key)
    return out


def open_file(secret):
    data = sys.stdin.buffer.read()
    assert data[:12] == b"crypt4gh" + u32(1)
    public = sodium.crypto_scalarmult_base(secret)
    keys, at = [], 16
    for _ in range(int.from_bytes(data[12:16], "little")):
        length = int.from_bytes(data[at : at + 4], "little")
        packet = data[at + 4 : at + length]
        key, _ = sodium.crypto_kx_client_session_keys(public, secret, packet[4:36])
        try:
            payload = decrypt(packet[48:], None, packet[36:48], key)
        except Exception:
            payload = None
        if payload is not None:
            assert payload[:8] == u32(0) + u32(0), "no data key"
            keys.append(payload[8:40])
        at += length
    plain = b""
    for start in range(at, len(data), CHUNK + 28):
        chunk = data[start : start + CHUNK + 28]
        plain += decrypt(chunk[12:], None, chunk[:12], keys[0])
    return plain


def secret_key(path, passphrase):
    lines = open(path).read().split("\n")
    data = base64.b64decode(lines[1])
    assert data[:7] == b"c4gh-v1"
    at = 7

    def string():
        nonlocal at
        length = int.from_bytes(data[at : at + 2], "big")
        at += 2 + length
        return data[at - length : at]

    kdf = string()
    options = string() if kdf != b"none" else b""
    cipher, blob = string(), string()
    if cipher == b"none":
        return blob
    rounds, salt = int.from_bytes(options[:4], "big"), options[4:]
    if kdf == b"scrypt":
        key = hashlib.scrypt(passphrase, salt=salt, n=1 << 14, r=8, p=1, dklen=32)
    elif kdf == b"bcrypt":
        key = bcrypt.kdf(passphrase, salt=salt, desired_key_bytes=32, rounds=rounds, ignore_few_rounds=True)
    else:
        key = hashlib.pbkdf2_hmac("sha256", passphrase, salt, rounds, dklen=32)
    return decrypt(blob[12:], None, blob[:12], key)


def convert():
    for line in sys.stdin:
        public, secret = sodium.crypto_sign_seed_keypair(bytes.fromhex(line))
        x_secret = sodium.crypto_sign_ed25519_sk_to_curve25519(secret)
        yield " ".join(key.hex() for key in (public, x_secret, sodium.crypto_sign_ed25519_pk_to_curve25519(public)))


def main(command, *words):
    if command == "seal":
        sys.stdout.buffer.write(seal(bytes.fromhex(words[0]), [bytes.fromhex(word) for word in words[1:]]))
    elif command == "open":
        sys.stdout.buffer.write(open_file(bytes.fromhex(words[0])))
    elif command == "secret":
        print(secret_key(words[0], words[1].encode()).hex())
    else:
        print("\n".join(convert()))


main(*sys.argv[1:])
