import { Failure } from '../../core/failure.ts';

/** An element of a parsed document; attributes are dropped, `text` is what stands directly in it. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

interface OpenElement {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
}

/** Parses an S3 answer. Strict about the structure: a cut document or an unknown entity throws Failure('corrupt').
 *  Lenient about characters: stores put control characters of keys into XML raw, where the standard forbids them,
 *  and they come out as they are. Document types are refused. */
export function parseXml(document: string): XmlElement {
  const root: OpenElement = { name: '', text: '', children: [] };
  const open: OpenElement[] = [root];
  let offset = 0;
  for (let tag = document.indexOf('<'); tag >= 0; tag = document.indexOf('<', offset)) {
    if (tag > offset) addText(open, decodeEntities(document.slice(offset, tag)));
    offset = readTag(open, document, tag);
  }
  const [documentElement, ...others] = root.children;
  if (open.length !== 1 || !documentElement || others.length > 0) throw malformed('it is cut short');
  return documentElement;
}

const slash = 0x2f;
const exclamationMark = 0x21;
const questionMark = 0x3f;

/** Reads what begins at the offset `tag`; gives where it ends. */
function readTag(open: OpenElement[], document: string, tag: number): number {
  const mark = document.charCodeAt(tag + 1);
  if (mark === questionMark) return find(document, '?>', tag) + 2;
  if (mark === exclamationMark) return readDeclaration(open, document, tag);
  const end = find(document, '>', tag);
  if (mark === slash) close(open, document.slice(tag + 2, end).trim());
  else enter(open, document.slice(tag + 1, end));
  return end + 1;
}

function readDeclaration(open: OpenElement[], document: string, tag: number): number {
  if (document.startsWith('<!--', tag)) return find(document, '-->', tag) + 3;
  if (!document.startsWith('<![CDATA[', tag)) throw malformed('it declares a document type');
  const end = find(document, ']]>', tag);
  addText(open, document.slice(tag + 9, end));
  return end + 3;
}

function addText(open: OpenElement[], text: string): void {
  (open[open.length - 1] as OpenElement).text += text;
}

function enter(open: OpenElement[], tag: string): void {
  const nameEnd = tag.search(/[\s/]/);
  const name = nameEnd < 0 ? tag : tag.slice(0, nameEnd);
  if (name === '') throw malformed('a tag has no name');
  const element: OpenElement = { name, text: '', children: [] };
  open[open.length - 1]?.children.push(element);
  if (!tag.endsWith('/')) open.push(element);
}

function close(open: OpenElement[], name: string): void {
  if (open.length < 2 || open.pop()?.name !== name) throw malformed(`</${name}> closes nothing`);
}

function find(document: string, what: string, from: number): number {
  const found = document.indexOf(what, from);
  if (found < 0) throw malformed('it is cut short');
  return found;
}

const entities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([^;&]*);?/g, (whole, name: string) => {
    const [, hex, decimal] = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name) ?? [];
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal ?? Number.NaN);
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : entities.get(name);
    if (!character?.isWellFormed() || !whole.endsWith(';')) throw malformed(`it has an unknown entity "${whole}"`);
    return character;
  });
}

function malformed(why: string): Failure {
  return new Failure('corrupt', `the store's XML answer cannot be read: ${why}`, { retryable: true });
}

/** The children called `name`. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The text of the first child called `name`; empty where there is none. */
export function textOf(element: XmlElement, name: string): string {
  for (const child of element.children) if (child.name === name) return child.text;
  return '';
}

/** Text for an element's content; the store gets control characters as references. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\0-\x1f\x7f]/g, (c) => `&#${c.charCodeAt(0)};`);
}
