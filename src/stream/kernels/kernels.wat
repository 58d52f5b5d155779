;; The innermost loops of the analysis, with SIMD. `npm run kernels` builds kernels-wasm.ts from this file.
;; All pointers are byte addresses in the imported memory; kernels.ts describes each function.
(module
  (import "env" "memory" (memory 1))

  ;; Power of each bin: 6 neighbors of a complex spectrum, weighted and added up.
  (func (export "grid")
    (param $padded i32) (param $kernel i32) (param $at i32) (param $power i32) (param $bins i32) (param $scale f32)
    (local $end i32) (local $p i32) (local $v v128)
    (local.set $end (i32.add (local.get $at) (i32.shl (local.get $bins) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $p (i32.add (local.get $padded) (i32.load (local.get $at))))
        ;; [re, im, re, im] of the even and the odd neighbors
        (local.set $v
          (f32x4.add
            (f32x4.add
              (f32x4.mul (v128.load (local.get $kernel)) (v128.load align=4 (local.get $p)))
              (f32x4.mul (v128.load offset=16 (local.get $kernel)) (v128.load offset=16 align=4 (local.get $p))))
            (f32x4.mul (v128.load offset=32 (local.get $kernel)) (v128.load offset=32 align=4 (local.get $p)))))
        (local.set $v
          (f32x4.add (local.get $v)
            (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $v) (local.get $v))))
        (local.set $v (f32x4.mul (local.get $v) (local.get $v)))
        (f32.store (local.get $power)
          (f32.mul (local.get $scale)
            (f32.add (f32x4.extract_lane 0 (local.get $v)) (f32x4.extract_lane 1 (local.get $v)))))
        (local.set $kernel (i32.add (local.get $kernel) (i32.const 48)))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (local.set $power (i32.add (local.get $power) (i32.const 4)))
        (br $next))))

  ;; Half-band filter and decimation by 2. The samples are split into those at even and at odd places, so that four
  ;; outputs are computed at once from neighbors.
  (func (export "halfBand")
    (param $samples i32) (param $count i32) (param $even i32) (param $odd i32)
    (param $sides i32) (param $sideCount i32) (param $out i32) (param $outputs i32)
    (local $i i32) (local $end i32) (local $low i32) (local $high i32) (local $a v128) (local $b v128)
    (local $mid i32) (local $side i32) (local $sidesEnd i32)
    (local.set $end (i32.add (local.get $samples) (i32.shl (local.get $count) (i32.const 2))))
    (local.set $low (local.get $even))
    (local.set $high (local.get $odd))
    (block $split
      (loop $next
        (br_if $split (i32.ge_u (local.get $samples) (local.get $end)))
        (local.set $a (v128.load align=4 (local.get $samples)))
        (local.set $b (v128.load offset=16 align=4 (local.get $samples)))
        (v128.store (local.get $low)
          (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $a) (local.get $b)))
        (v128.store (local.get $high)
          (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $a) (local.get $b)))
        (local.set $samples (i32.add (local.get $samples) (i32.const 32)))
        (local.set $low (i32.add (local.get $low) (i32.const 16)))
        (local.set $high (i32.add (local.get $high) (i32.const 16)))
        (br $next)))
    ;; Output c: half of odd[c + sideCount - 1], and side i times even[c + sideCount - 1 - i] + even[c + sideCount + i].
    (local.set $mid (i32.shl (i32.sub (local.get $sideCount) (i32.const 1)) (i32.const 2)))
    (local.set $odd (i32.add (local.get $odd) (local.get $mid)))
    (local.set $even (i32.add (local.get $even) (local.get $mid)))
    (local.set $sidesEnd (i32.add (local.get $sides) (i32.shl (local.get $sideCount) (i32.const 2))))
    (block $done
      (loop $four
        (br_if $done (i32.le_s (local.get $outputs) (i32.const 0)))
        (local.set $a (f32x4.mul (f32x4.splat (f32.const 0.5)) (v128.load align=4 (local.get $odd))))
        (local.set $low (local.get $even))
        (local.set $high (i32.add (local.get $even) (i32.const 4)))
        (local.set $side (local.get $sides))
        (loop $each
          (local.set $a
            (f32x4.add (local.get $a)
              (f32x4.mul (v128.load32_splat (local.get $side))
                (f32x4.add (v128.load align=4 (local.get $low)) (v128.load align=4 (local.get $high))))))
          (local.set $low (i32.sub (local.get $low) (i32.const 4)))
          (local.set $high (i32.add (local.get $high) (i32.const 4)))
          (local.set $side (i32.add (local.get $side) (i32.const 4)))
          (br_if $each (i32.lt_u (local.get $side) (local.get $sidesEnd))))
        (v128.store align=4 (local.get $out) (local.get $a))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (local.set $odd (i32.add (local.get $odd) (i32.const 16)))
        (local.set $even (i32.add (local.get $even) (i32.const 16)))
        (local.set $outputs (i32.sub (local.get $outputs) (i32.const 4)))
        (br $four))))

  ;; K-weighting of two interleaved channels, and the energies of each and of their sum. The state is
  ;; [s1 s2 h1 h2 energy] of both channels, then the energy of the sum; the coefficients are b0 b1 b2 a1 a2 c1 c2.
  (func (export "kWeightPair") (param $samples i32) (param $frames i32) (param $coefficients i32) (param $state i32)
    (local $end i32) (local $x v128) (local $y v128) (local $z v128) (local $mixed f64)
    (local $s1 v128) (local $s2 v128) (local $h1 v128) (local $h2 v128) (local $energy v128) (local $sum f64)
    (local $b0 v128) (local $b1 v128) (local $b2 v128) (local $a1 v128) (local $a2 v128) (local $c1 v128) (local $c2 v128)
    (local $minus2 v128)
    (local.set $minus2 (f64x2.splat (f64.const -2)))
    (local.set $b0 (v128.load64_splat (local.get $coefficients)))
    (local.set $b1 (v128.load64_splat offset=8 (local.get $coefficients)))
    (local.set $b2 (v128.load64_splat offset=16 (local.get $coefficients)))
    (local.set $a1 (v128.load64_splat offset=24 (local.get $coefficients)))
    (local.set $a2 (v128.load64_splat offset=32 (local.get $coefficients)))
    (local.set $c1 (v128.load64_splat offset=40 (local.get $coefficients)))
    (local.set $c2 (v128.load64_splat offset=48 (local.get $coefficients)))
    (local.set $s1 (v128.load align=8 (local.get $state)))
    (local.set $s2 (v128.load offset=16 align=8 (local.get $state)))
    (local.set $h1 (v128.load offset=32 align=8 (local.get $state)))
    (local.set $h2 (v128.load offset=48 align=8 (local.get $state)))
    (local.set $energy (v128.load offset=64 align=8 (local.get $state)))
    (local.set $sum (f64.load offset=80 (local.get $state)))
    (local.set $end (i32.add (local.get $samples) (i32.shl (local.get $frames) (i32.const 3))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $samples) (local.get $end)))
        (local.set $x (f64x2.promote_low_f32x4 (v128.load64_zero align=4 (local.get $samples))))
        (local.set $y (f64x2.add (f64x2.mul (local.get $b0) (local.get $x)) (local.get $s1)))
        (local.set $s1
          (f64x2.add
            (f64x2.sub (f64x2.mul (local.get $b1) (local.get $x)) (f64x2.mul (local.get $a1) (local.get $y)))
            (local.get $s2)))
        (local.set $s2
          (f64x2.sub (f64x2.mul (local.get $b2) (local.get $x)) (f64x2.mul (local.get $a2) (local.get $y))))
        (local.set $z (f64x2.add (local.get $y) (local.get $h1)))
        (local.set $h1
          (f64x2.add
            (f64x2.sub (f64x2.mul (local.get $minus2) (local.get $y)) (f64x2.mul (local.get $c1) (local.get $z)))
            (local.get $h2)))
        (local.set $h2 (f64x2.sub (local.get $y) (f64x2.mul (local.get $c2) (local.get $z))))
        (local.set $energy (f64x2.add (local.get $energy) (f64x2.mul (local.get $z) (local.get $z))))
        (local.set $mixed (f64.add (f64x2.extract_lane 0 (local.get $z)) (f64x2.extract_lane 1 (local.get $z))))
        (local.set $sum (f64.add (local.get $sum) (f64.mul (local.get $mixed) (local.get $mixed))))
        (local.set $samples (i32.add (local.get $samples) (i32.const 8)))
        (br $next)))
    (v128.store align=8 (local.get $state) (local.get $s1))
    (v128.store offset=16 align=8 (local.get $state) (local.get $s2))
    (v128.store offset=32 align=8 (local.get $state) (local.get $h1))
    (v128.store offset=48 align=8 (local.get $state) (local.get $h2))
    (v128.store offset=64 align=8 (local.get $state) (local.get $energy))
    (f64.store offset=80 (local.get $state) (local.get $sum)))

  ;; Statistics of each column of a matrix, four columns at a time, in doubles: [4, columns] mean, standard deviation,
  ;; mean absolute change and maximum (at least 0).
  (func (export "statistics") (param $matrix i32) (param $rows i32) (param $columns i32) (param $out i32)
    (local $stride i32) (local $end i32) (local $p i32) (local $last i32) (local $v v128) (local $max v128)
    (local $a v128) (local $b v128) (local $beforeA v128) (local $beforeB v128)
    (local $sumA v128) (local $sumB v128) (local $squaresA v128) (local $squaresB v128)
    (local $changeA v128) (local $changeB v128) (local $n v128) (local $changes v128)
    (local.set $stride (i32.shl (local.get $columns) (i32.const 2)))
    (local.set $n (f64x2.splat (f64.convert_i32_u (local.get $rows))))
    (local.set $changes
      (f64x2.max (f64x2.splat (f64.const 1)) (f64x2.sub (local.get $n) (f64x2.splat (f64.const 1)))))
    (local.set $end (i32.add (local.get $matrix) (local.get $stride)))
    (block $done
      (loop $column
        (br_if $done (i32.ge_u (local.get $matrix) (local.get $end)))
        (local.set $v (v128.load align=4 (local.get $matrix)))
        (local.set $beforeA (f64x2.promote_low_f32x4 (local.get $v)))
        (local.set $beforeB
          (f64x2.promote_low_f32x4
            (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $v) (local.get $v))))
        (local.set $max (v128.const f32x4 0 0 0 0))
        (local.set $sumA (v128.const f64x2 0 0))
        (local.set $sumB (v128.const f64x2 0 0))
        (local.set $squaresA (v128.const f64x2 0 0))
        (local.set $squaresB (v128.const f64x2 0 0))
        (local.set $changeA (v128.const f64x2 0 0))
        (local.set $changeB (v128.const f64x2 0 0))
        (local.set $p (local.get $matrix))
        (local.set $last (i32.add (local.get $matrix) (i32.mul (local.get $rows) (local.get $stride))))
        (loop $row
          (local.set $v (v128.load align=4 (local.get $p)))
          (local.set $max (f32x4.max (local.get $max) (local.get $v)))
          (local.set $a (f64x2.promote_low_f32x4 (local.get $v)))
          (local.set $b
            (f64x2.promote_low_f32x4
              (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $v) (local.get $v))))
          (local.set $sumA (f64x2.add (local.get $sumA) (local.get $a)))
          (local.set $sumB (f64x2.add (local.get $sumB) (local.get $b)))
          (local.set $squaresA (f64x2.add (local.get $squaresA) (f64x2.mul (local.get $a) (local.get $a))))
          (local.set $squaresB (f64x2.add (local.get $squaresB) (f64x2.mul (local.get $b) (local.get $b))))
          (local.set $changeA
            (f64x2.add (local.get $changeA) (f64x2.abs (f64x2.sub (local.get $a) (local.get $beforeA)))))
          (local.set $changeB
            (f64x2.add (local.get $changeB) (f64x2.abs (f64x2.sub (local.get $b) (local.get $beforeB)))))
          (local.set $beforeA (local.get $a))
          (local.set $beforeB (local.get $b))
          (local.set $p (i32.add (local.get $p) (local.get $stride)))
          (br_if $row (i32.lt_u (local.get $p) (local.get $last))))
        (local.set $sumA (f64x2.div (local.get $sumA) (local.get $n)))
        (local.set $sumB (f64x2.div (local.get $sumB) (local.get $n)))
        (local.set $p (local.get $out))
        (v128.store align=4 (local.get $p) (call $pair (local.get $sumA) (local.get $sumB)))
        (local.set $p (i32.add (local.get $p) (local.get $stride)))
        (v128.store align=4 (local.get $p)
          (call $pair
            (call $deviation (local.get $squaresA) (local.get $n) (local.get $sumA))
            (call $deviation (local.get $squaresB) (local.get $n) (local.get $sumB))))
        (local.set $p (i32.add (local.get $p) (local.get $stride)))
        (v128.store align=4 (local.get $p)
          (call $pair
            (f64x2.div (local.get $changeA) (local.get $changes))
            (f64x2.div (local.get $changeB) (local.get $changes))))
        (local.set $p (i32.add (local.get $p) (local.get $stride)))
        (v128.store align=4 (local.get $p) (local.get $max))
        (local.set $matrix (i32.add (local.get $matrix) (i32.const 16)))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (br $column))))

  ;; Two pairs of doubles as four floats.
  (func $pair (param $a v128) (param $b v128) (result v128)
    (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23
      (f32x4.demote_f64x2_zero (local.get $a)) (f32x4.demote_f64x2_zero (local.get $b))))

  ;; sqrt(max(0, squares / n - mean²))
  (func $deviation (param $squares v128) (param $n v128) (param $mean v128) (result v128)
    (f64x2.sqrt
      (f64x2.max (f64x2.splat (f64.const 0))
        (f64x2.sub (f64x2.div (local.get $squares) (local.get $n)) (f64x2.mul (local.get $mean) (local.get $mean))))))

  ;; Softmax attention of one stream's new tokens in one block of the audio transformer: 3 heads of 64, 4 tokens a time.
  ;; qkv is [4 · times, 3, 3, 64]; keys and values are [before + times, 3, 4, 64], of which the new ones are filled here.
  (func (export "attend")
    (param $qkv i32) (param $times i32) (param $keys i32) (param $values i32) (param $before i32) (param $context i32)
    (param $scores i32) (param $out i32)
    (local $time i32) (local $row i32) (local $head i32) (local $low i32) (local $at i32) (local $q i32) (local $p i32)
    (local $s i32) (local $end i32) (local $half i32) (local $i i32) (local $x v128) (local $max v128) (local $sum v128)
    (local $a0 v128) (local $a1 v128) (local $a2 v128) (local $a3 v128)
    (local $a4 v128) (local $a5 v128) (local $a6 v128) (local $a7 v128)
    (local.set $time (local.get $before))
    (block $done
      (loop $nextTime
        (br_if $done (i32.ge_u (local.get $time) (i32.add (local.get $before) (local.get $times))))
        (local.set $row (i32.const 0))
        (loop $nextCopy
          (local.set $q (i32.add (local.get $qkv) (i32.mul (local.get $row) (i32.const 2304))))
          (local.set $at (i32.add (i32.mul (local.get $time) (i32.const 3072)) (i32.shl (local.get $row) (i32.const 8))))
          (local.set $head (i32.const 0))
          (loop $nextHead
            (memory.copy (i32.add (local.get $keys) (local.get $at)) (i32.add (local.get $q) (i32.const 768)) (i32.const 256))
            (memory.copy (i32.add (local.get $values) (local.get $at)) (i32.add (local.get $q) (i32.const 1536)) (i32.const 256))
            (local.set $q (i32.add (local.get $q) (i32.const 256)))
            (local.set $at (i32.add (local.get $at) (i32.const 1024)))
            (local.set $head (i32.add (local.get $head) (i32.const 1)))
            (br_if $nextHead (i32.lt_u (local.get $head) (i32.const 3))))
          (local.set $row (i32.add (local.get $row) (i32.const 1)))
          (br_if $nextCopy (i32.lt_u (local.get $row) (i32.const 4))))
        ;; Offset of the first time that is seen.
        (local.set $low
          (i32.mul (i32.const 3072)
            (select
              (i32.sub (i32.add (local.get $time) (i32.const 1)) (local.get $context))
              (i32.const 0)
              (i32.gt_u (i32.add (local.get $time) (i32.const 1)) (local.get $context)))))
        (local.set $row (i32.const 0))
        (loop $nextRow
          (local.set $head (i32.const 0))
          (loop $nextHead
            (local.set $q (i32.add (local.get $qkv) (i32.shl (local.get $head) (i32.const 8))))
            ;; The scores of four keys, those of a time, at once.
            (local.set $p
              (i32.add (i32.add (local.get $keys) (local.get $low)) (i32.shl (local.get $head) (i32.const 10))))
            (local.set $end (i32.add (local.get $keys) (i32.mul (i32.add (local.get $time) (i32.const 1)) (i32.const 3072))))
            (local.set $s (local.get $scores))
            (local.set $max (f32x4.splat (f32.const -inf)))
            (loop $nextKeys
              (local.set $a0 (v128.const f32x4 0 0 0 0))
              (local.set $a1 (local.get $a0))
              (local.set $a2 (local.get $a0))
              (local.set $a3 (local.get $a0))
              (local.set $i (i32.const 0))
              (loop $nextPart
                (local.set $x (v128.load (i32.add (local.get $q) (local.get $i))))
                (local.set $at (i32.add (local.get $p) (local.get $i)))
                (local.set $a0 (f32x4.add (local.get $a0) (f32x4.mul (local.get $x) (v128.load (local.get $at)))))
                (local.set $a1 (f32x4.add (local.get $a1) (f32x4.mul (local.get $x) (v128.load offset=256 (local.get $at)))))
                (local.set $a2 (f32x4.add (local.get $a2) (f32x4.mul (local.get $x) (v128.load offset=512 (local.get $at)))))
                (local.set $a3 (f32x4.add (local.get $a3) (f32x4.mul (local.get $x) (v128.load offset=768 (local.get $at)))))
                (local.set $x (v128.load offset=16 (i32.add (local.get $q) (local.get $i))))
                (local.set $a0 (f32x4.add (local.get $a0) (f32x4.mul (local.get $x) (v128.load offset=16 (local.get $at)))))
                (local.set $a1 (f32x4.add (local.get $a1) (f32x4.mul (local.get $x) (v128.load offset=272 (local.get $at)))))
                (local.set $a2 (f32x4.add (local.get $a2) (f32x4.mul (local.get $x) (v128.load offset=528 (local.get $at)))))
                (local.set $a3 (f32x4.add (local.get $a3) (f32x4.mul (local.get $x) (v128.load offset=784 (local.get $at)))))
                (local.set $i (i32.add (local.get $i) (i32.const 32)))
                (br_if $nextPart (i32.lt_u (local.get $i) (i32.const 256))))
              (local.set $x
                (call $columns (call $pairs (local.get $a0) (local.get $a1)) (call $pairs (local.get $a2) (local.get $a3))))
              (v128.store (local.get $s) (local.get $x))
              (local.set $max (f32x4.max (local.get $max) (local.get $x)))
              (local.set $s (i32.add (local.get $s) (i32.const 16)))
              (local.set $p (i32.add (local.get $p) (i32.const 3072)))
              (br_if $nextKeys (i32.lt_u (local.get $p) (local.get $end))))
            (local.set $max
              (f32x4.max (local.get $max)
                (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $max) (local.get $max))))
            (local.set $max
              (f32x4.max (local.get $max)
                (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (local.get $max) (local.get $max))))
            (local.set $end (local.get $s))
            (local.set $s (local.get $scores))
            (local.set $sum (v128.const f32x4 0 0 0 0))
            (loop $nextExp
              (local.set $x (call $exp (f32x4.sub (v128.load (local.get $s)) (local.get $max))))
              (v128.store (local.get $s) (local.get $x))
              (local.set $sum (f32x4.add (local.get $sum) (local.get $x)))
              (local.set $s (i32.add (local.get $s) (i32.const 16)))
              (br_if $nextExp (i32.lt_u (local.get $s) (local.get $end))))
            (local.set $sum
              (f32x4.splat
                (f32.add
                  (f32.add (f32x4.extract_lane 0 (local.get $sum)) (f32x4.extract_lane 1 (local.get $sum)))
                  (f32.add (f32x4.extract_lane 2 (local.get $sum)) (f32x4.extract_lane 3 (local.get $sum))))))
            ;; The values, each weighted by its score; 32 numbers of a head at a time, which fit the registers.
            (local.set $half (i32.const 0))
            (loop $nextHalf
              (local.set $p
                (i32.add
                  (i32.add (i32.add (local.get $values) (local.get $low)) (i32.shl (local.get $head) (i32.const 10)))
                  (local.get $half)))
              (local.set $s (local.get $scores))
              (local.set $a0 (v128.const f32x4 0 0 0 0))
              (local.set $a1 (local.get $a0))
              (local.set $a2 (local.get $a0))
              (local.set $a3 (local.get $a0))
              (local.set $a4 (local.get $a0))
              (local.set $a5 (local.get $a0))
              (local.set $a6 (local.get $a0))
              (local.set $a7 (local.get $a0))
              (loop $nextValues
                (local.set $i (i32.add (local.get $p) (i32.const 1024)))
                (loop $nextValue
                  (local.set $x (v128.load32_splat (local.get $s)))
                  (local.set $a0 (f32x4.add (local.get $a0) (f32x4.mul (local.get $x) (v128.load (local.get $p)))))
                  (local.set $a1 (f32x4.add (local.get $a1) (f32x4.mul (local.get $x) (v128.load offset=16 (local.get $p)))))
                  (local.set $a2 (f32x4.add (local.get $a2) (f32x4.mul (local.get $x) (v128.load offset=32 (local.get $p)))))
                  (local.set $a3 (f32x4.add (local.get $a3) (f32x4.mul (local.get $x) (v128.load offset=48 (local.get $p)))))
                  (local.set $a4 (f32x4.add (local.get $a4) (f32x4.mul (local.get $x) (v128.load offset=64 (local.get $p)))))
                  (local.set $a5 (f32x4.add (local.get $a5) (f32x4.mul (local.get $x) (v128.load offset=80 (local.get $p)))))
                  (local.set $a6 (f32x4.add (local.get $a6) (f32x4.mul (local.get $x) (v128.load offset=96 (local.get $p)))))
                  (local.set $a7 (f32x4.add (local.get $a7) (f32x4.mul (local.get $x) (v128.load offset=112 (local.get $p)))))
                  (local.set $s (i32.add (local.get $s) (i32.const 4)))
                  (local.set $p (i32.add (local.get $p) (i32.const 256)))
                  (br_if $nextValue (i32.lt_u (local.get $p) (local.get $i))))
                (local.set $p (i32.add (local.get $p) (i32.const 2048)))
                (br_if $nextValues (i32.lt_u (local.get $s) (local.get $end))))
              (local.set $at
                (i32.add (i32.add (local.get $out) (i32.shl (local.get $head) (i32.const 8))) (local.get $half)))
              (v128.store (local.get $at) (f32x4.div (local.get $a0) (local.get $sum)))
              (v128.store offset=16 (local.get $at) (f32x4.div (local.get $a1) (local.get $sum)))
              (v128.store offset=32 (local.get $at) (f32x4.div (local.get $a2) (local.get $sum)))
              (v128.store offset=48 (local.get $at) (f32x4.div (local.get $a3) (local.get $sum)))
              (v128.store offset=64 (local.get $at) (f32x4.div (local.get $a4) (local.get $sum)))
              (v128.store offset=80 (local.get $at) (f32x4.div (local.get $a5) (local.get $sum)))
              (v128.store offset=96 (local.get $at) (f32x4.div (local.get $a6) (local.get $sum)))
              (v128.store offset=112 (local.get $at) (f32x4.div (local.get $a7) (local.get $sum)))
              (local.set $half (i32.add (local.get $half) (i32.const 128)))
              (br_if $nextHalf (i32.lt_u (local.get $half) (i32.const 256))))
            (local.set $head (i32.add (local.get $head) (i32.const 1)))
            (br_if $nextHead (i32.lt_u (local.get $head) (i32.const 3))))
          (local.set $qkv (i32.add (local.get $qkv) (i32.const 2304)))
          (local.set $out (i32.add (local.get $out) (i32.const 768)))
          (local.set $row (i32.add (local.get $row) (i32.const 1)))
          (br_if $nextRow (i32.lt_u (local.get $row) (i32.const 4))))
        (local.set $time (i32.add (local.get $time) (i32.const 1)))
        (br $nextTime))))

  ;; u + u · erf(u) in place. erfc(|u|) = exp(-u²) · a polynomial of 1 / (1 + 0.3275911 · |u|), to 1.5e-7: Abramowitz and
  ;; Stegun 1964, 7.1.26. For a negative u the sum is u · erfc(|u|), for others u · (2 - erfc(|u|)).
  (func (export "gelu") (param $values i32) (param $count i32)
    (local $end i32) (local $u v128) (local $t v128) (local $a v128)
    (local.set $end (i32.add (local.get $values) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $values) (local.get $end)))
        (local.set $u (v128.load (local.get $values)))
        (local.set $a (f32x4.abs (local.get $u)))
        (local.set $t
          (f32x4.div (f32x4.splat (f32.const 1))
            (f32x4.add (f32x4.splat (f32.const 1))
              (f32x4.mul (f32x4.splat (f32.const 0.3275911)) (local.get $a)))))
        (local.set $a (call $exp (f32x4.neg (f32x4.mul (local.get $a) (local.get $a)))))
        (local.set $a
          (f32x4.mul (f32x4.mul (local.get $a) (local.get $t))
            (f32x4.add (f32x4.splat (f32.const 0.254829592)) (f32x4.mul (local.get $t)
            (f32x4.add (f32x4.splat (f32.const -0.284496736)) (f32x4.mul (local.get $t)
            (f32x4.add (f32x4.splat (f32.const 1.421413741)) (f32x4.mul (local.get $t)
            (f32x4.add (f32x4.splat (f32.const -1.453152027))
              (f32x4.mul (local.get $t) (f32x4.splat (f32.const 1.061405429))))))))))))
        (v128.store (local.get $values)
          (f32x4.mul (local.get $u)
            (v128.bitselect
              (local.get $a)
              (f32x4.sub (f32x4.splat (f32.const 2)) (local.get $a))
              (f32x4.lt (local.get $u) (v128.const f32x4 0 0 0 0)))))
        (local.set $values (i32.add (local.get $values) (i32.const 16)))
        (br $next))))

  ;; e^x for x ≤ 0: 2^n · e^r with |r| ≤ ln 2 / 2, by the polynomial of Cephes' expf (Moshier 1989).
  (func $exp (param $x v128) (result v128)
    (local $n v128) (local $r v128)
    (local.set $x (f32x4.max (local.get $x) (f32x4.splat (f32.const -87))))
    (local.set $n (f32x4.nearest (f32x4.mul (local.get $x) (f32x4.splat (f32.const 1.44269504)))))
    (local.set $r
      (f32x4.add
        (f32x4.sub (local.get $x) (f32x4.mul (local.get $n) (f32x4.splat (f32.const 0.693359375))))
        (f32x4.mul (local.get $n) (f32x4.splat (f32.const 2.12194440e-4)))))
    (local.set $x
      (f32x4.add (f32x4.splat (f32.const 0.50000001201)) (f32x4.mul (local.get $r)
      (f32x4.add (f32x4.splat (f32.const 0.16666665459)) (f32x4.mul (local.get $r)
      (f32x4.add (f32x4.splat (f32.const 4.1665795894e-2)) (f32x4.mul (local.get $r)
      (f32x4.add (f32x4.splat (f32.const 8.3334519073e-3)) (f32x4.mul (local.get $r)
      (f32x4.add (f32x4.splat (f32.const 1.3981999507e-3))
        (f32x4.mul (local.get $r) (f32x4.splat (f32.const 1.98756915e-4)))))))))))))
    (f32x4.mul
      (f32x4.add (f32x4.splat (f32.const 1))
        (f32x4.add (local.get $r) (f32x4.mul (f32x4.mul (local.get $r) (local.get $r)) (local.get $x))))
      (i32x4.shl
        (i32x4.add (i32x4.trunc_sat_f32x4_s (local.get $n)) (i32x4.splat (i32.const 127)))
        (i32.const 23))))

  ;; [a0 + a2, b0 + b2, a1 + a3, b1 + b3]
  (func $pairs (param $a v128) (param $b v128) (result v128)
    (f32x4.add
      (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $a) (local.get $b))
      (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $a) (local.get $b))))

  ;; [a0 + a2, a1 + a3, b0 + b2, b1 + b3]
  (func $columns (param $a v128) (param $b v128) (result v128)
    (f32x4.add
      (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $a) (local.get $b))
      (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $a) (local.get $b)))))
