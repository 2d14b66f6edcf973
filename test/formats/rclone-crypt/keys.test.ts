import { describe, expect, test } from 'vitest';
import { loadEngine } from '../../../src/crypto/engine.ts';
import { deriveKeys } from '../../../src/formats/rclone-crypt/keys.ts';

// TestKey in rclone's cipher_test.go.
const vectors = [
  {
    password: 'potato',
    salt: '',
    dataKey: '7455c71ab17c865b8471f47b79acb07eb31d5678b80c7e2eaf4fc8066a9ee468',
    nameKey: '765da27ab15d77f95796711f7b93ad63bbb484072e7180a8d17a9bbec14270d0',
    nameTweak: 'c18d5932f55b2828c5e1e87215520310',
  },
  {
    password: 'Potato',
    salt: '',
    dataKey: 'aeea6ad347df75b963ce12f57623e946d42ed8bf3e928b39243794133e5ef75e',
    nameKey: '54f7026e8afc560a86636aab2c9c5162e51a122351836eaf50420f981c860a19',
    nameTweak: 'f8c1b6272d529b4a8fdaeb424a28ddf3',
  },
  {
    password: 'potato',
    salt: 'sausage',
    dataKey: '8e9b6b99f8690467a071f9cb92d0aa787f8ff178bec96f999fd5206e644a1b50',
    nameKey: '3ea95ef681782dc9d9955d225bfd442c6f5d6897b029015c6f462e2a9dae2ce3',
    nameTweak: 'f17fd7141d65274f363fc2a04dd2148a',
  },
  { password: '', salt: 'any', dataKey: '00'.repeat(32), nameKey: '00'.repeat(32), nameTweak: '00'.repeat(16) },
];

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe.for(['native', 'portable'])('keys, %s engine', (name) => {
  test.for(vectors)('of "$password" with salt "$salt" are those of rclone', async (vector) => {
    const keys = await deriveKeys(await loadEngine({ COFFER_ENGINE: name }), vector.password, vector.salt);
    const { dataKey, nameKey, nameTweak } = vector;
    expect({ dataKey: hex(keys.dataKey), nameKey: hex(keys.nameKey), nameTweak: hex(keys.nameTweak) }).toEqual({
      dataKey,
      nameKey,
      nameTweak,
    });
  });
});
