import type { Vfs } from '../vfs/vfs.ts';
import type { FuseTransport, Mounted, MountOptions } from './transport.ts';

export const transportNames = ['direct', 'fuse-native'] as const;
export type TransportName = (typeof transportNames)[number];

const transports: Readonly<Record<TransportName, () => Promise<FuseTransport>>> = {
  direct: async () => (await import('./direct.ts')).direct,
  'fuse-native': async () => (await import('./fuse-native/transport.ts')).fuseNative,
};

/** As FuseTransport.mount, by the transport of that name. */
export async function mount(vfs: Vfs, options: MountOptions & { readonly transport: TransportName }): Promise<Mounted> {
  const transport = await transports[options.transport]();
  return transport.mount(vfs, options);
}
