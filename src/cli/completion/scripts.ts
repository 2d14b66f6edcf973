/** Shells that have a script below. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** A script that completes the words of `coffer` in a shell by asking `coffer __complete`. */
export function completionScript(shell: Shell, descriptions: boolean): string {
  return scripts[shell].replace('ASK', `coffer __complete${descriptions ? '' : ' --no-descriptions'} --`);
}

// Bash takes colons and equals signs for ends of words: what stands before the last one is left out of the answers.
// `read` without -r takes backslashes away.
const bash = `# bash completion for coffer

_coffer() {
  local line=\${COMP_LINE:0:COMP_POINT} breaks=\${COMP_WORDBREAKS//[^:=]/}
  local words current prefix word directive=0
  read -a words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  current=\${words[\${#words[@]} - 1]}
  prefix=\${current%"\${current##*["$breaks"]}"}
  COMPREPLY=()
  while IFS=$'\\t' read -r word _; do
    if [[ $word == :* ]]; then
      directive=\${word#:}
    else
      printf -v word %q "\${word#"$prefix"}"
      COMPREPLY+=("$word")
    fi
  done < <(ASK "\${words[@]:1}" 2>/dev/null)
  if ((directive & 2)); then compopt -o nospace; fi
  if ((directive & 4)); then
    compopt +o default
  elif ((\${#COMPREPLY[@]} > 0)); then
    # Without other answers bash completes files by itself.
    while read -r word; do
      [[ -d $word ]] && word+=/
      printf -v word %q "$word"
      COMPREPLY+=("$word")
    done < <(compgen -f -- "$current")
  fi
}

complete -o default -F _coffer coffer
`;

const zsh = `#compdef coffer
# zsh completion for coffer

_coffer() {
  local line directive=0 result=1
  local -a found shown space
  for line in "\${(@f)$(ASK "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}"; do
    if [[ $line == :* ]]; then
      directive=\${line#:}
    elif [[ -n $line ]]; then
      found+=("\${line%%$'\\t'*}")
      shown+=("\${line/$'\\t'/  }")
    fi
  done
  (( directive & 2 )) && space=(-S '')
  (( $#found )) && compadd -l "\${(@)space}" -d shown -a found && result=0
  (( directive & 4 )) || { compset -P '--*='; _files && result=0 }
  return result
}

if [[ $funcstack[1] == _coffer ]]; then _coffer "$@"; else compdef _coffer coffer; fi
`;

const fish = `# fish completion for coffer

function __coffer_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l directive 0
    for line in (ASK $words[2..] "$current" 2>/dev/null)
        switch $line
            case ':*'
                set directive (string sub -s 2 -- $line)
            case '*'
                printf '%s\\n' $line
        end
    end
    contains -- $directive 4 6; and return
    set -l flag (string match -r -- '^--[^=]+=' $current)
    for path in (__fish_complete_path (string replace -- "$flag" '' $current))
        printf '%s%s\\n' "$flag" $path
    end
end

complete -c coffer -f -a '(__coffer_complete)'
`;

const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
