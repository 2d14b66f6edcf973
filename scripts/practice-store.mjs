import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

/** Serves from memory, to anybody, as much of S3 (`/BUCKET/KEY`) and of Swift (`/auth/v1.0`, `/swift/CONTAINER/NAME`) as
 *  copies of a few small files need: the build runs them on it. Resolves with the server's address and `close`. */
export async function startPracticeStore() {
  const objects = new Map();
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const { pathname: path, searchParams: query } = new URL(request.url, address);
    const isSwift = path.startsWith('/swift/');
    response.setHeader('x-storage-url', `${address}/swift`).setHeader('x-auth-token', 'token');
    if (request.method === 'PUT') {
      const object = { body, modified: new Date(), tag: createHash('md5').update(body).digest('hex') };
      if (path.split('/').length > (isSwift ? 3 : 2)) objects.set(path, object);
      response.writeHead(201, { etag: object.tag }).end();
      return;
    }
    const { body: bytes, tag, modified } = objects.get(path) ?? {};
    if (bytes) response.setHeader('etag', tag).setHeader('last-modified', modified.toUTCString()).end(bytes);
    else if (isSwift) response.end(query.has('marker') ? '[]' : swiftListing(path));
    else response.end(s3Listing(path));
  });

  function listed(folder) {
    const paths = [...objects.keys()].filter((path) => path.startsWith(`${folder}/`));
    return paths.map((path) => ({ name: path.slice(folder.length + 1), ...objects.get(path) }));
  }
  const swiftListing = (folder) =>
    JSON.stringify(
      listed(folder).map(({ name, body, tag, modified }) => {
        return { name, bytes: body.length, hash: tag, last_modified: modified.toISOString().replace('Z', '000') };
      }),
    );
  const s3Listing = (folder) => {
    const contents = listed(folder).map(({ name, body, tag, modified }) => {
      const time = modified.toISOString();
      return `<Contents><Key>${name}</Key><LastModified>${time}</LastModified><ETag>${tag}</ETag><Size>${body.length}</Size></Contents>`;
    });
    return `<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`;
  };
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${server.address().port}`;
  return { address, close: () => server.close() };
}
