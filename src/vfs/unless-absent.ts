import { isAbsence } from '../core/failure.ts';

/** Waits for a removal; what is gone already is removed, too. */
export async function unlessAbsent(removal: Promise<void>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
}
