import type { Credentials } from './sigv4.ts';

/** Keys from the default chain of AWS's SDK: assumed roles, web identities, single sign-on, processes, containers, EC2.
 *  Loads the SDK, which takes a tenth of a second. */
export async function findCredentials(profile: string): Promise<Credentials> {
  // Without it the SDK tells our user to upgrade node; it has no other switch.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
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
