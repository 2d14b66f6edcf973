import { trimSpace } from '../../config/whitespace.ts';
import { isValidText } from '../../core/name-bytes.ts';
import { wrap } from '../wrap.ts';
import type { Dialog } from './dialog.ts';

// The words of these questions are those of rclone's menu, which scripts wait for.

/** A question for a text. */
export interface Question {
  /** Stands before the `> `. */
  readonly name: string;
  /** What is asked for, as `value` or `size with suffix K,M,G,T`. */
  readonly kind?: string;
  /** What Enter stands for; '' for nothing. */
  readonly default?: string;
  readonly required?: boolean;
}

/** Something to choose. */
export interface Choice {
  readonly value: string;
  readonly help?: string;
  /** What it is chosen by; its place in the list, from 1 on, unless told. */
  readonly number?: number;
}

const required = 'This value is required and it has no default.';

/** Asks for any text. '' when Enter is pressed and that is allowed: the default is the caller's to put in. */
export async function ask(dialog: Dialog, question: Question): Promise<string> {
  await dialog.say(`Enter a ${question.kind ?? 'value'}.${enterHint(question, ' ')}`);
  for (;;) {
    const answer = await dialog.line(`${question.name}> `);
    if (answer !== '' || !question.required) return answer;
    if (question.default) return question.default;
    await dialog.say(required);
  }
}

/** Asks for one of `choices`, by number or value; with `open` for any other text too. '' as `ask`. */
export async function choose(
  dialog: Dialog,
  question: Question,
  choices: readonly Choice[],
  open: boolean,
): Promise<string> {
  const own = open ? 'your own' : 'an existing';
  await dialog.say(
    `Choose a number from below, or type in ${own} ${question.kind ?? 'value'}.${enterHint(question, '\n')}`,
  );
  const numbered = choices.map((choice, index) => ({ ...choice, number: choice.number ?? index + 1 }));
  for (const choice of numbered) await dialog.say(choiceLines(choice, dialog.columns));
  for (;;) {
    const answer = await dialog.line(`${question.name}> `);
    if (/^[-+]?\d+$/.test(answer)) {
      const chosen = numbered.find(({ number }) => number === Number(answer));
      if (chosen) return chosen.value;
      await dialog.say('No choices with this number.');
    } else if (choices.some(({ value }) => value === answer)) {
      return answer;
    } else if (answer !== '') {
      if (open) return answer;
      await dialog.say(`This value must match ${own} value.`);
    } else {
      if (!question.required) return answer;
      if (question.default) return question.default;
      await dialog.say(required);
    }
  }
}

function enterHint({ default: value, required }: Question, separator: string): string {
  if (value) return `${separator}Press Enter for the default (${value}).`;
  return required ? '' : `${separator}Press Enter to leave empty.`;
}

const marginSize = ' 1 / '.length;

/** ` 1 / what it is`, then `   \ (value)`; rclone sets the number in the middle of the lines. */
function choiceLines({ number, value, help }: Choice & { readonly number: number }, columns: number): string {
  const at = String(number).padStart(2);
  if (!help) return `${at} > ${value}`;
  const lines = [...wrap(help, columns - marginSize).split('\n'), `(${value})`];
  const middle = Math.floor((lines.length - 1) / 2);
  return lines
    .map((line, index) => {
      const edge = index === 0 ? '/' : index === lines.length - 1 ? '\\' : '|';
      return `${index === middle ? at : '  '} ${edge} ${line}`;
    })
    .join('\n');
}

/** How `pick` takes its answer. */
interface PickOptions<L, U> {
  /** What Enter stands for. */
  readonly fallback?: L;
  /** Letters that are taken too but stand neither in the list nor in the prompt, which scripts wait for. */
  readonly unlisted?: readonly U[];
}

/** Lists actions by their letters, asks for one and returns its letter. */
export async function pick<L extends string, U extends string = never>(
  dialog: Dialog,
  actions: Readonly<Record<L, string>>,
  { fallback, unlisted = [] }: PickOptions<NoInfer<L>, U> = {},
): Promise<L | U> {
  const letters = Object.keys(actions) as L[];
  for (const letter of letters) {
    await dialog.say(`${letter}) ${actions[letter]}${letter === fallback ? ' (default)' : ''}`);
  }
  for (;;) {
    const answer = (await dialog.line(`${letters.join('/')}> `)).toLowerCase();
    const chosen = [...letters, ...unlisted].find((letter) => letter === answer);
    if (chosen !== undefined) return chosen;
    if (answer === '' && fallback !== undefined) return fallback;
    await dialog.say(complaint(answer, letters));
  }
}

function complaint(answer: string, letters: readonly string[]): string {
  if (answer === '') return required;
  const list = letters.join(', ');
  if ([...answer].length === 1) return `This value must be one of the following characters: ${list}.`;
  return `This value must be a single character, one of the following: ${list}.`;
}

export async function confirm(dialog: Dialog, fallback: boolean): Promise<boolean> {
  return (await pick(dialog, { y: 'Yes', n: 'No' }, { fallback: fallback ? 'y' : 'n' })) === 'y';
}

/** Asks twice for a new password until both are the same. `which` names it: `the`, `NEW configuration`.
 *  Returns it in Unicode's NFKC, as rclone stores what is typed in its menu. */
export async function newPassword(dialog: Dialog, which: string): Promise<string> {
  for (;;) {
    const first = await askPassword(dialog, `Enter ${which} password:`);
    const second = await askPassword(dialog, `Confirm ${which} password:`);
    if (first === second) return first;
    await dialog.say('Passwords do not match!');
  }
}

async function askPassword(dialog: Dialog, title: string): Promise<string> {
  for (let prompt = `${title}\npassword:`; ; prompt = 'password:') {
    const password = await dialog.secret(prompt);
    if (isValidText(password) && trimSpace(password) !== '') return password.normalize('NFKC');
    const why = isValidText(password) ? 'no characters in password' : 'password contains invalid utf8 characters';
    await dialog.say(`Bad password: ${why}`);
  }
}
