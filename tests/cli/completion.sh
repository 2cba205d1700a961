# The shells' scripts are read without fault, and complete from the table.
try footfall completion
try footfall completion tcsh
footfall completion bash >bash.sh
footfall completion zsh >_footfall
bash -n bash.sh && echo 'bash reads it'
if command -v zsh >/dev/null; then zsh -n _footfall || echo 'zsh does not read it'; fi
# shellcheck source=/dev/null
source ./bash.sh
compopt() { :; }
complete_words() {
    COMP_WORDS=(footfall "$@")
    COMP_CWORD=$#
    _footfall
    echo "${COMPREPLY[@]}"
}
complete_words r
complete_words run --per
complete_words run --period ''
complete_words report --mem
complete_words inspect --
complete_words completion ''
mkdir folder
complete_words report --store f
complete_words run --geo ba
