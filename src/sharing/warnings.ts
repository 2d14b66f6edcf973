import { parseFlag } from '../core/options.ts';
import { parseAddress } from './addresses.ts';
import type { ShareLayer } from './document.ts';
import { optionRoles } from './option-roles.ts';
import { quoted } from './quoted.ts';

/** What a person should know before they agree to layers that `checkLayers` has let through. */
export function warningsOf(layers: readonly ShareLayer[]): readonly string[] {
  const isSealed = layers.some(({ type }) => type === 'crypt');
  return [...(isSealed ? [] : ['nothing is encrypted in this remote']), ...layers.flatMap(layerWarnings)];
}

function layerWarnings(layer: ShareLayer): readonly string[] {
  const name = quoted(layer.name);
  return (layer.type === 'crypt' ? cryptWarnings(layer) : storeWarnings(layer)).map((warning) => `${name} ${warning}`);
}

function cryptWarnings({ options }: ShareLayer): readonly string[] {
  const mode = options.get('filename_encryption') ?? 'standard';
  const warnings: string[] = [];
  if (parseFlag(options.get('no_data_encryption') ?? 'false')) warnings.push('does NOT encrypt the content of files');
  if (mode.toLowerCase() !== 'standard') warnings.push(`does NOT encrypt the names of files (${quoted(mode)})`);
  return warnings;
}

function storeWarnings({ type, options }: ShareLayer): readonly string[] {
  const roles = optionRoles(type);
  return [...options].flatMap(([option, value]) => {
    if (/acl$/.test(option) && value.includes('public'))
      return [`lets everybody read what is stored (${quoted(value)})`];
    const isOpen = roles?.get(option) === 'address' && parseAddress(value)?.protocol === 'http:';
    return isOpen ? [`is reached without TLS (${quoted(value)})`] : [];
  });
}
