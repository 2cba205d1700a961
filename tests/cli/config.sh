# Each option's key in a config file does what the option does.
busy 02 >a.log
echo '/:page' >r.txt
line 03 00:00:01 10.0.0.1 '/catalog?wort=lamp' >>a.log
mkdir s
footfall rollup --store s "$late" a.log 2>/dev/null
footfall run "$late" -o r.cbor a.log 2>/dev/null
values=(
    output=- goal=home=/ store=s format=combined site=site own-host=www.example.org
    client-from=forwarded exclude-net=10.1.0.0/16 'exclude-path=/about*'
    exclude-agent=Chrome download-ext=xyz search-param=wort routes=r.txt
    period=week tz=Asia/Tokyo
    from=2026-03-02 to=2026-03-02 geo=none visit-timeout=5 memory=16M rows=1
    jobs=3 now=2026-03-03T00:15:00Z grace=5 lead=5 keep=30000 profile=partner k=30 kn=12
)
flags=(brief progress partial replace dry-run)

# The same by option and by key. Usage: same COMMAND OPTION LINE LOG
same() {
    printf '%s\n' "$3" >one.ini
    cp -r s s.option && mv s s.key
    mv s.option s && footfall "$1" "$2" "${@:4}" >option.out 2>option.err
    local status=$?
    rm -r s && mv s.key s
    footfall "$1" --config one.ini "${@:4}" >key.out 2>key.err
    [[ $? == "$status" ]] && cmp option.out key.out && cmp option.err key.err
}

for command in run rollup explain; do
    store=()
    [[ $command != rollup ]] || store=(--store s)
    for option in $(footfall $command --help | grep -o -- '--[a-z-]*' | sort -u); do
        option=${option#--}
        case " help config rules formats store " in *" $option "*) continue ;; esac
        is_known=
        for value in "${values[@]}"; do
            [[ ${value%%=*} != "$option" ]] || {
                is_known=yes
                same $command "--$value" "${value/=/ = }" "${store[@]}" a.log ||
                    echo "$command --$value differs"
            }
        done
        for flag in "${flags[@]}"; do
            [[ $flag != "$option" ]] || {
                is_known=yes
                same $command "--$flag" "$flag = yes" "${store[@]}" a.log ||
                    echo "$command --$flag differs"
            }
        done
        [[ $is_known ]] || echo "$command --$option is not tried here"
    done
done
same report --store=s 'store = s' && echo 'the store too'
# What serves does not end; what is wrong with a setting is said of both.
: >open.token
for option in listen=nowhere token-file=open.token; do
    same serve "--$option" "${option/=/ = }" --store s || echo "serve --$option differs"
done
# The command line takes the place of what the file says, lists too; sections are for
# their commands; other commands' keys are let be.
cat >all.ini <<'END'
; a comment
# another
output = x.json
output = y.json
store = s ; behind a blank
keep=9
progress: no

[report]
rows = 1
[run]
output = z.json
END
footfall run --config all.ini a.log "$late" 2>/dev/null
footfall report --config all.ini -o r.txt && grep -o 'and 1 more' r.txt | head -n 1
ls ./*.json
rm x.json y.json z.json
footfall run --config all.ini -o w.json a.log "$late" 2>/dev/null
ls ./*.json
