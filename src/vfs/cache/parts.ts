import { type Backing, createBacking } from './backing.ts';
import type { CacheContext } from './context.ts';
import { createRecording, type Recording } from './recording.ts';
import { type Beginning, type ContentState, createState } from './state.ts';
import { createUpload, type Upload } from './upload.ts';

/** What one content is made of. */
export interface ContentParts {
  readonly context: CacheContext;
  readonly state: ContentState;
  readonly backing: Backing;
  readonly recording: Recording;
  readonly upload: Upload;
}

export function createParts(context: CacheContext, from: Beginning): ContentParts {
  const state = createState(from);
  const backing = createBacking(context, state, from);
  const recording = createRecording(context, state, backing, from);
  const upload = createUpload(context, state, backing, recording, from);
  return { context, state, backing, recording, upload };
}
