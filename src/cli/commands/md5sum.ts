import { defineSumCommand } from '../hashing.ts';

export const command = defineSumCommand('md5');
