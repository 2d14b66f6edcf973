import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { childrenOf, escapeXml, parseXml, textOf } from '../../../src/remotes/s3/xml.ts';

describe('the XML of S3', () => {
  test('elements, attributes, comments, entities and CDATA are understood', () => {
    const root = parseXml(
      `\n<?xml version="1.0"?><!-- x --><Root xmlns="http://x"><A>1 &lt;&amp;&#x1F600;&#10;&quot;</A><A/><B a="b" /><C><![CDATA[<&amp;]]></C></Root>\n`,
    );
    expect(root.name).toBe('Root');
    expect(childrenOf(root, 'A').map((element) => element.text)).toEqual(['1 <&😀\n"', '']);
    expect(textOf(root, 'C')).toBe('<&amp;');
    expect(textOf(root, 'missing')).toBe('');
  });

  test('any text survives escaping and parsing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => parseXml(`<K>${escapeXml(text)}</K>`).text === text),
    );
  });

  test('control characters come out as they stand, as stores put them in', () => {
    expect(parseXml('<K>a\x01b\r\n&#1;</K>').text).toBe('a\x01b\r\n\x01');
  });

  test('a document that is cut anywhere is refused', () => {
    const whole = '<?xml version="1.0"?><A><B x="1">t&amp;u</B><C/><D><![CDATA[x]]></D></A>';
    for (let length = 0; length < whole.length; length++) {
      expect(() => parseXml(whole.slice(0, length))).toThrow(expect.objectContaining({ kind: 'corrupt' }));
    }
  });

  test.for([
    '<A></B>',
    '<A></A></A>',
    '<A/><B/>',
    '</A>',
    '<>x</>',
    '<A>&unknown;</A>',
    '<A>&amp</A>',
    '<A>&#x110000;</A>',
    '<A>&#xD800;</A>',
    '<A>&constructor;</A>',
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    'text',
  ])('%s is refused', (document) => {
    expect(() => parseXml(document)).toThrow(expect.objectContaining({ kind: 'corrupt' }));
  });
});
