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

  ;; a times b.
  (func (export "multiply") (param $a i32) (param $b i32) (param $out i32) (param $count i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $a) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $a) (local.get $end)))
        (v128.store align=4 (local.get $out)
          (f32x4.mul (v128.load align=4 (local.get $a)) (v128.load align=4 (local.get $b))))
        (local.set $a (i32.add (local.get $a) (i32.const 16)))
        (local.set $b (i32.add (local.get $b) (i32.const 16)))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (br $next))))

  ;; factor · ln(max(least, offset + scale · power)) of each band, whose weighted power is added up four bins at a time.
  (func (export "logBands")
    (param $power i32) (param $table i32) (param $weights i32) (param $bands i32) (param $out i32)
    (param $scale f32) (param $offset f32) (param $least f32) (param $factor f32)
    (local $end i32) (local $at i32) (local $p i32) (local $last i32) (local $v v128)
    (local.set $at (local.get $out))
    (local.set $end (i32.add (local.get $out) (i32.shl (local.get $bands) (i32.const 2))))
    (loop $band
      (local.set $p (i32.add (local.get $power) (i32.load (local.get $table))))
      (local.set $last (i32.add (local.get $p) (i32.load offset=4 (local.get $table))))
      (local.set $v (v128.const f32x4 0 0 0 0))
      (loop $bins
        (local.set $v
          (f32x4.add
            (local.get $v)
            (f32x4.mul (v128.load align=4 (local.get $p)) (v128.load align=4 (local.get $weights)))))
        (local.set $p (i32.add (local.get $p) (i32.const 16)))
        (local.set $weights (i32.add (local.get $weights) (i32.const 16)))
        (br_if $bins (i32.lt_u (local.get $p) (local.get $last))))
      (local.set $v
        (f32x4.add
          (local.get $v)
          (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $v) (local.get $v))))
      (f32.store (local.get $at)
        (f32.add (f32x4.extract_lane 0 (local.get $v)) (f32x4.extract_lane 1 (local.get $v))))
      (local.set $table (i32.add (local.get $table) (i32.const 8)))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $band (i32.lt_u (local.get $at) (local.get $end))))
    (loop $four
      (v128.store align=4 (local.get $out)
        (f32x4.mul
          (f32x4.splat (local.get $factor))
          (call $ln
            (f32x4.max
              (f32x4.splat (local.get $least))
              (f32x4.add
                (f32x4.splat (local.get $offset))
                (f32x4.mul (f32x4.splat (local.get $scale)) (v128.load align=4 (local.get $out))))))))
      (local.set $out (i32.add (local.get $out) (i32.const 16)))
      (br_if $four (i32.lt_u (local.get $out) (local.get $end)))))

  ;; ln x of positive normal numbers: x = m · 2^e with m from √½ to √2, and the polynomial of Cephes' logf (Moshier 1989).
  (func $ln (param $x v128) (result v128)
    (local $e v128) (local $m v128) (local $small v128) (local $z v128)
    (local.set $m
      (v128.or
        (v128.and (local.get $x) (i32x4.splat (i32.const 0x7fffff)))
        (i32x4.splat (i32.const 0x3f000000))))
    (local.set $e
      (f32x4.sub
        (f32x4.convert_i32x4_u (i32x4.shr_u (local.get $x) (i32.const 23)))
        (f32x4.splat (f32.const 126))))
    (local.set $small (f32x4.lt (local.get $m) (f32x4.splat (f32.const 0.707106781186547524))))
    (local.set $e
      (f32x4.sub (local.get $e) (v128.and (local.get $small) (f32x4.splat (f32.const 1)))))
    (local.set $m
      (f32x4.sub
        (f32x4.add (local.get $m) (v128.and (local.get $small) (local.get $m)))
        (f32x4.splat (f32.const 1))))
    (local.set $z (f32x4.mul (local.get $m) (local.get $m)))
    (local.set $x
      (f32x4.add (f32x4.splat (f32.const 3.3333331174e-1)) (f32x4.mul (local.get $m)
      (f32x4.add (f32x4.splat (f32.const -2.4999993993e-1)) (f32x4.mul (local.get $m)
      (f32x4.add (f32x4.splat (f32.const 2.0000714765e-1)) (f32x4.mul (local.get $m)
      (f32x4.add (f32x4.splat (f32.const -1.6668057665e-1)) (f32x4.mul (local.get $m)
      (f32x4.add (f32x4.splat (f32.const 1.4249322787e-1)) (f32x4.mul (local.get $m)
      (f32x4.add (f32x4.splat (f32.const -1.2420140846e-1)) (f32x4.mul (local.get $m)
      (f32x4.add (f32x4.splat (f32.const 1.1676998740e-1)) (f32x4.mul (local.get $m)
      (f32x4.add (f32x4.splat (f32.const -1.1514610310e-1))
        (f32x4.mul (local.get $m) (f32x4.splat (f32.const 7.0376836292e-2)))))))))))))))))))
    (f32x4.add
      (f32x4.add
        (local.get $m)
        (f32x4.sub
          (f32x4.sub
            (f32x4.mul (f32x4.mul (local.get $m) (local.get $z)) (local.get $x))
            (f32x4.mul (local.get $e) (f32x4.splat (f32.const 2.12194440e-4))))
          (f32x4.mul (f32x4.splat (f32.const 0.5)) (local.get $z))))
      (f32x4.mul (local.get $e) (f32x4.splat (f32.const 0.693359375)))))

  ;; Means of 8 neighbors, four of them at a time.
  (func (export "means8") (param $values i32) (param $out i32) (param $count i32)
    (local $end i32) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $end (i32.add (local.get $out) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $out) (local.get $end)))
        (local.set $a (f32x4.add (v128.load (local.get $values)) (v128.load offset=16 (local.get $values))))
        (local.set $b (f32x4.add (v128.load offset=32 (local.get $values)) (v128.load offset=48 (local.get $values))))
        (local.set $c (f32x4.add (v128.load offset=64 (local.get $values)) (v128.load offset=80 (local.get $values))))
        (local.set $d (f32x4.add (v128.load offset=96 (local.get $values)) (v128.load offset=112 (local.get $values))))
        ;; Pairs of sums, a transposition: [a0 + a2, a1 + a3, b0 + b2, b1 + b3]
        (local.set $a
          (f32x4.add
            (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $a) (local.get $b))
            (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $a) (local.get $b))))
        (local.set $c
          (f32x4.add
            (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $c) (local.get $d))
            (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $c) (local.get $d))))
        (v128.store align=4 (local.get $out)
          (f32x4.mul
            (f32x4.splat (f32.const 0.125))
            (f32x4.add
              (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $a) (local.get $c))
              (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $a) (local.get $c)))))
        (local.set $values (i32.add (local.get $values) (i32.const 128)))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (br $next))))

  ;; Chroma of a spectrum: the roots of its magnitudes, four at a time, then each times its weights in 12 pitch classes.
  (func (export "chroma")
    (param $power i32) (param $count i32) (param $weights i32) (param $roots i32) (param $out i32)
    (local $end i32) (local $p i32) (local $v v128) (local $magnitudes v128) (local $sum v128)
    (local $a v128) (local $b v128) (local $c v128)
    (local.set $end (i32.add (local.get $roots) (i32.shl (local.get $count) (i32.const 2))))
    (local.set $p (local.get $roots))
    (loop $next
      (local.set $v (f32x4.sqrt (v128.load align=4 (local.get $power))))
      (local.set $magnitudes (f32x4.add (local.get $magnitudes) (local.get $v)))
      (local.set $v (f32x4.sqrt (local.get $v)))
      (local.set $sum (f32x4.add (local.get $sum) (local.get $v)))
      (v128.store align=4 (local.get $p) (local.get $v))
      (local.set $power (i32.add (local.get $power) (i32.const 16)))
      (local.set $p (i32.add (local.get $p) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $p) (local.get $end))))
    (loop $nextBin
      (local.set $v (v128.load32_splat (local.get $roots)))
      (local.set $a (f32x4.add (local.get $a) (f32x4.mul (local.get $v) (v128.load align=4 (local.get $weights)))))
      (local.set $b
        (f32x4.add (local.get $b) (f32x4.mul (local.get $v) (v128.load offset=16 align=4 (local.get $weights)))))
      (local.set $c
        (f32x4.add (local.get $c) (f32x4.mul (local.get $v) (v128.load offset=32 align=4 (local.get $weights)))))
      (local.set $weights (i32.add (local.get $weights) (i32.const 48)))
      (local.set $roots (i32.add (local.get $roots) (i32.const 4)))
      (br_if $nextBin (i32.lt_u (local.get $roots) (local.get $end))))
    (v128.store align=4 (local.get $out) (local.get $a))
    (v128.store offset=16 align=4 (local.get $out) (local.get $b))
    (v128.store offset=32 align=4 (local.get $out) (local.get $c))
    (v128.store offset=48 align=4 (local.get $out) (local.get $magnitudes))
    (v128.store offset=64 align=4 (local.get $out) (local.get $sum)))

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

  ;; K-weighting of two interleaved channels, and the energies of each and of their sum; and their mean, without weights.
  ;; The state is [s1 s2 h1 h2 energy] of both channels, then the energy of the sum; the coefficients are b0 b1 b2 a1 a2 c1 c2.
  (func (export "kWeightPair")
    (param $samples i32) (param $frames i32) (param $coefficients i32) (param $state i32) (param $mono i32)
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
        (f32.store (local.get $mono)
          (f32.demote_f64
            (f64.mul
              (f64.const 0.5)
              (f64.add (f64x2.extract_lane 0 (local.get $x)) (f64x2.extract_lane 1 (local.get $x))))))
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
        (local.set $mono (i32.add (local.get $mono) (i32.const 4)))
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
        (f64x2.sub (f64x2.div (local.get $squares) (local.get $n)) (f64x2.mul (local.get $mean) (local.get $mean)))))))
