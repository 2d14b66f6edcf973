import { createDetails } from '../../transfer/details.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { choiceFlag, type FlagValues, integerFlag, textFlag, toggle } from '../flags.ts';
import { createTree, type Tree, type TreeStyle, treeLines, treeReport } from '../format/tree.ts';
import { type TreeSort, treeOrder } from '../format/tree-order.ts';
import type { Output } from '../io.ts';
import { listingAhead, now, pathOn, walkOpened, withDepth } from '../listing.ts';
import { openOutput } from '../output-file.ts';
import { openTarget, type Target } from '../source.ts';

const flags = {
  all: toggle('All files are listed (list . files too)', 'a'),
  color: toggle('Turn colorization on always', 'C'),
  'dirs-only': toggle('List directories only', 'd'),
  dirsfirst: toggle('List directories before files (-U disables)'),
  'full-path': toggle('Print the full path prefix for each file'),
  level: integerFlag('Descend only level directories deep', 0),
  modtime: toggle('Print the date of last modification', 'D'),
  noindent: toggle("Don't print indentation lines"),
  noreport: toggle('Turn off file/directory count at end of tree listing'),
  output: textFlag('Output to file instead of stdout', { short: 'o', placeholder: 'file' }),
  protections: toggle('Print the protections for each file', 'p'),
  quote: toggle('Quote filenames with double quotes', 'Q'),
  size: toggle('Print the size in bytes of each file', 's'),
  sort: choiceFlag('Select sort', ['name', 'version', 'size', 'mtime', 'ctime']),
  'sort-ctime': toggle('Sort files by last status change time'),
  'sort-modtime': toggle('Sort files by last modification time', 't'),
  'sort-reverse': toggle('Reverse the order of the sort', 'r'),
  unsorted: toggle('Leave files unsorted', 'U'),
  version: toggle('Sort files alphanumerically by version'),
};

export const command = defineCommand({
  usage: 'remote:path',
  summary: 'List the contents of the remote in a tree like fashion',
  help: `Draws what is below a path as a tree, as the program tree does, without the files and folders whose names begin with a dot.
Filters apply. The size of a folder is that of the files below it. No store keeps protections or the times at which a status
changed: -p shows the same for every file, and --sort-ctime sorts as --sort-modtime does.

    coffer tree allas-crypt:job_6
    coffer tree --dirs-only --level 2 allas-crypt:
    coffer tree --size --human-readable --include '*.bam' allas-crypt:job_6`,
  arguments: { min: 1, max: 1 },
  flags,
  async run(context) {
    const level = context.flags.level || context.session.options.maxDepth;
    await listingAhead(withDepth(context, level > 0 ? level : -1), 'walk', async (walking) => {
      const target = await openTarget(walking, context.args[0] ?? '');
      await using output = await openOutput(context.io, context.flags.output || '-');
      const tree = await readTree(walking, target);
      await writeLines(output, treeLines(tree, styleOf(walking, level, output)));
      if (!context.flags.noreport) await output.write(`\n${treeReport(tree, context.flags['dirs-only'])}\n`);
    });
  },
});

async function readTree(context: CommandContext<typeof flags>, target: Target): Promise<Tree> {
  const { flags, session } = context;
  const tree = createTree();
  const modified = flags.modtime || sortOf(flags) === 'mtime';
  const details = createDetails(session, { modified, mimeType: false, hashes: [] });
  await walkOpened(context, target, async (page) => {
    const shown = page.filter(
      ({ path, kind }) => (flags.all || !/(^|\/)\./.test(path)) && (kind === 'folder' || !flags['dirs-only']),
    );
    if (!modified) for (const entry of shown) tree.add(entry);
    else for await (const batch of details(shown, target.location)) for (const entry of batch) tree.add(entry);
  });
  return tree;
}

function styleOf(context: CommandContext<typeof flags>, level: number, output: Output): TreeStyle {
  const { flags } = context;
  const unknownTime = now(context);
  const isShort = flags['human-readable'];
  return {
    order: flags.unsorted ? null : treeOrder(sortOf(flags), flags['sort-reverse'], unknownTime),
    level,
    sizes: isShort ? 'short' : flags.size ? 'bytes' : null,
    protections: flags.protections,
    times: flags.modtime,
    fullPaths: flags['full-path'],
    indents: !flags.noindent,
    quotes: flags.quote,
    colours: flags.color,
    unknownTime,
    shown: (name) => pathOn(output, name),
  };
}

/** Of several the one that rclone heeds. */
function sortOf(given: FlagValues<typeof flags>): TreeSort {
  if (given['sort-modtime'] || given['sort-ctime'] || given.sort === 'mtime' || given.sort === 'ctime') return 'mtime';
  if (given.dirsfirst) return 'folders';
  if (given.version || given.sort === 'version') return 'version';
  return given.sort === 'size' ? 'size' : 'name';
}

/** Some at a time: a line is little to write, and all of them may be much to hold. */
async function writeLines(output: Output, lines: Iterable<string>): Promise<void> {
  let text = '';
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length < 1 << 16) continue;
    await output.write(text);
    text = '';
  }
  await output.write(text);
}
