/** What each shell runs at Tab: it asks the program itself, which knows its commands and asks the server for names. */
export const scripts = {
  bash: `_champion() {
  local IFS=$'\\n' typed="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=($(compgen -W "$(champion __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1)" -- "$typed"))
}
complete -o default -F _champion champion
`,
  zsh: `#compdef champion
_champion() {
  local line
  local -a found
  for line in "\${(@f)$(champion __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( $#found )); then _describe champion found; else _files; fi
}
compdef _champion champion
`,
  fish: `function __champion_complete
  set -l words (commandline -opc) (commandline -ct)
  champion __complete -- $words[2..-1] 2>/dev/null
end
complete -c champion -a '(__champion_complete)'
`,
} as const;

export type Shell = keyof typeof scripts;
