import packageJson from '../../package.json' with { type: 'json' };

/** What `coffer version` prints, in the form of rclone's. */
export function versionText(): string {
  const { platform, arch, versions } = process;
  return `coffer v${packageJson.version}\n- os/type: ${platform}\n- os/arch: ${arch}\n- node/version: v${versions.node}\n`;
}
