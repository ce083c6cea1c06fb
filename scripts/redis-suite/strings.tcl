
# The suite's random writers, with strings and keys alone: replaces createComplexDataset.
proc createComplexDataset {r ops {opt {}}} {
    set useexpire [expr {[lsearch -exact $opt useexpire] != -1}]
    set tag [expr {[lsearch -exact $opt usetag] != -1 ? "{t}" : ""}]
    for {set j 0} {$j < $ops} {incr j} {
        set k [randomKey]$tag
        set k2 [randomKey]$tag
        set v [randomValue]
        set n "n[randomInt 50]$tag"
        if {$useexpire && rand() < 0.1} {
            {*}$r expire [randomKey] [randomInt 2]
        }
        randpath {{*}$r set $k $v} {{*}$r append $k $v} {{*}$r del $k} {{*}$r getdel $k} \
            {{*}$r set $n 1} {{*}$r incr $n} {{*}$r incrbyfloat f$n 1.5} \
            {{*}$r setrange $k 3 $v} {{*}$r setbit b$k 7 1} \
            {catch {{*}$r rename $k $k2}} {{*}$r copy $k $k2 replace} {{*}$r mset $k $v $k2 $v}
    }
}
