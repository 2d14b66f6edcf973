import type { Credentials } from './sigv4.ts';

/** Keys from the default chain of AWS's SDK: assumed roles, web identities, single sign-on, processes, containers, EC2.
 *  `profile` and the shared credentials `file` are the usual ones when empty. Loads the SDK, which takes a tenth of a second. */
export async function findCredentials(profile: string, file: string): Promise<Credentials> {
  // Without it the SDK tells our user to upgrade node; it has no other switch.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  // It takes a client's profile, but not its file.
  if (file) process.env.AWS_SHARED_CREDENTIALS_FILE = file;
  const { S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({ region: 'us-east-1', ...(profile && { profile }) });
  try {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await client.config.credentials();
    return {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken && { sessionToken }),
      ...(expiration && { expires: expiration.getTime() }),
    };
  } finally {
    client.destroy();
  }
}
