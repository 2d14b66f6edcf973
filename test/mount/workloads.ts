/** What people do in a folder with programs of theirs. */
export interface Workload {
  readonly name: string;
  /** Run by bash in an empty folder, with `$SOURCE`, a folder with files of all kinds. What it prints must not depend on the
   *  place and the time. */
  readonly script: string;
  /** Run in the folder with what `script` left; prints what is to be the same in the store. */
  readonly look: string;
  /** Short enough for a store to which each request takes its time. */
  readonly isShort?: boolean;
}

/** Each file with its content and, to the microsecond that every tool keeps, its modification time. */
const files = 'find . -type f -exec sha256sum {} + | LC_ALL=C sort -k2';
const times = "find . -type f -printf '%P %TY-%Tm-%Td %.15TT\\n' | LC_ALL=C sort";

const sqlite = (journal: string): string => `
  sqlite3 -bail ${journal}.db "
    pragma journal_mode = ${journal};
    create table samples (id integer primary key, name text, value blob);
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 2000)
      insert into samples select i, 'sample ' || i, zeroblob(i % 100) from n;
    update samples set name = upper(name) where id % 3 = 0;
    begin; delete from samples where id > 1000; rollback;
    delete from samples where id % 7 = 0;
    create index by_name on samples (name);
  "
  for writer in 1 2 3; do
    sqlite3 -cmd '.timeout 20000' ${journal}.db "insert into samples (name) values ('side by side')" &
  done
  wait
  sqlite3 ${journal}.db 'pragma integrity_check; select count(*), total(length(value)) from samples;'
  sqlite3 ${journal}.db 'vacuum; pragma integrity_check;'
`;

export const workloads: readonly Workload[] = [
  {
    name: 'editors save their files',
    script: `
      echo one > note
      cp -p note note~ && echo two > .note.tmp && sync .note.tmp && mv .note.tmp note # a temporary file takes its place
      sed -i 's/two/three/' note
      vi -N -u NONE -i NONE -es -c 'set backup backupcopy=no' -c '%s/three/four/' -c wq note
      vi -N -u NONE -i NONE -es -c 'set nobackup writebackup backupcopy=yes' -c '%s/four/five/' -c wq note
      seq 20000 > long && sed -i '10000s/.*/changed/' long && sed -n 10000p long
      for i in 1 2 3; do echo "entry $i" >> log; done
      cat note note~ log
      ls -A
    `,
    look: files,
    isShort: true,
  },
  {
    name: 'cp -a in, across and out',
    script: `
      cp -a "$SOURCE" in && diff -r "$SOURCE" in
      cp -a in across && mv across moved && diff -r in moved
      out=$(mktemp -d) && cp -a moved/. "$out" && diff -r "$SOURCE" "$out" && rm -r "$out"
      ${times}
    `,
    look: `${files}; ${times}`,
  },
  {
    name: 'tar in and out',
    script: `
      tar -cf all.tar -C "$SOURCE" . && mkdir out && tar -xf all.tar -C out
      tar -df all.tar -C out && tar -df all.tar -C "$SOURCE"
      tar -czf all.tar.gz out && tar -tzf all.tar.gz | LC_ALL=C sort
      tar -rf all.tar -C out small && tar -tf all.tar | tail -1
    `,
    look: `tar -df all.tar -C out; tar -tzvf all.tar.gz --numeric-owner | sort; cd out; ${files}; ${times}`,
  },
  {
    name: 'rsync -a twice',
    script: `
      rsync -ai "$SOURCE/" copy/ | wc -l
      rsync -ai "$SOURCE/" copy/
      echo more >> copy/small && rsync -ai --inplace --no-whole-file --checksum "$SOURCE/" copy/ | cut -c1-6,12-
      rsync -ai --delete --exclude small "$SOURCE/folder/" copy/ | cut -c1-9 | sort | uniq -c
      ${times}
    `,
    look: `${files}; ${times}`,
    isShort: true,
  },
  {
    name: 'git init, commit, merge, gc, clone and fsck',
    script: `
      git init -q -b main work && cd work
      cp "$SOURCE/small" "$SOURCE/medium" . && mkdir sub && cp "$SOURCE/small" sub/copy
      git add . && git commit -qm first
      git checkout -qb side && echo side >> small && git commit -qam side
      git checkout -q main && echo main >> sub/copy && git commit -qam main
      git merge -q --no-edit side && git log --oneline --graph
      git gc -q && git fsck --strict
      cd .. && git clone -q work clone && cd clone && git fsck --strict
      echo more >> small && git commit -qam more && git push -q origin HEAD:refs/heads/pushed
      git status --short && git -C ../work log -1 --format=%H pushed
      git -C ../work stash list && git rev-parse HEAD^{tree}
    `,
    look: `
      for each in work clone; do
        git -C $each fsck --strict && git -C $each log --all --format='%H %T %s' && git -C $each status --short
      done
    `,
    isShort: true,
  },
  ...['delete', 'truncate', 'persist', 'wal'].map((journal) => ({
    name: `sqlite3 with its journal ${journal}`,
    script: sqlite(journal),
    isShort: journal === 'delete',
    look: `ls; sqlite3 ${journal}.db .dump | sha256sum; sqlite3 ${journal}.db 'pragma integrity_check'`,
  })),
  {
    name: 'gzip, split, dd, sort and truncate',
    script: `
      cp "$SOURCE/medium" data && gzip -9n data && gzip -t data.gz && gunzip -k data.gz
      split -b 100000 data part- && cat part-* | cmp - data && rm part-*
      dd if=data of=data bs=1000 skip=1 seek=5 count=100 conv=notrunc status=none
      truncate -s +5000 data && truncate -s 400000 data && stat -c %s data
      seq 20000 | sort -R --random-source=data > numbers && sort -n -T . -S 64K -o numbers numbers && seq 20000 | cmp - numbers
      mkfile() { head -c "$1" /dev/zero | tee "zeros-$1" | wc -c; }; mkfile 65535; mkfile 65536; mkfile 65537
      find . -name 'zeros-*' -delete && ls
    `,
    look: files,
  },
];

/** Makes `$SOURCE`: run in an empty folder. */
export const sourceScript = `
  umask 022
  mkdir -p folder/inner 'folder/with space'
  echo 'a small file' > small
  : > nothing
  seq 100000 > medium
  head -c 3000001 medium | openssl enc -aes-128-ctr -K 00 -iv 00 2>/dev/null > large
  for size in 65535 65536 65537; do head -c $size large > folder/$size; done
  for name in 'ä' $'new\\nline' '-r' 'back\\slash' 'q"uote' '~tilde' '.hidden'; do echo "$name" > "folder/with space/$name"; done
  for i in $(seq 12); do echo $i > folder/inner/$i; done
  find . -exec touch -d '2021-03-04 05:06:07.123456789' {} +
  touch -d '1969-12-31 12:00:00' small
`;

/** So that what is printed is the same everywhere. */
export const environment = {
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_AUTHOR_DATE: '2024-02-29T12:00:00Z',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.org',
  GIT_COMMITTER_DATE: '2024-02-29T12:00:00Z',
} as const;
