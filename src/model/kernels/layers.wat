;; The innermost loops of the models, with SIMD. `npm run kernels` builds layers-wasm.ts from this file.
;; All pointers are byte addresses in the imported memory; layer-kernels.ts describes each function. It is long because
;; attention writes out its sums, and functions in another module could not share exp.
(module
  (import "env" "memory" (memory 1))

  ;; A dense layer: bias + x · weights, at least $least. The weights are in panels of 8 columns, so that a panel is read in
  ;; order, for four rows at once. Rows that are left take four panels at once, which keeps as many sums in progress. Each
  ;; sum is added up in the same order either way, so that a row does not depend on those beside it.
  (func (export "dense")
    (param $x i32) (param $rows i32) (param $inputs i32) (param $weights i32) (param $bias i32) (param $columns i32)
    (param $least f32) (param $out i32)
    (local $row i32) (local $column i32) (local $panel i32) (local $fours i32) (local $floor v128)
    (local.set $floor (f32x4.splat (local.get $least)))
    (local.set $fours (i32.and (local.get $rows) (i32.const -4)))
    (block $done
      (loop $nextColumns
        (br_if $done (i32.ge_u (local.get $column) (local.get $columns)))
        (local.set $panel
          (i32.add (local.get $weights) (i32.shl (i32.mul (local.get $column) (local.get $inputs)) (i32.const 2))))
        (local.set $row (i32.const 0))
        (block $left
          (loop $nextRows
            (br_if $left (i32.ge_u (local.get $row) (local.get $fours)))
            (call $fourRows
              (call $item (local.get $x) (local.get $row) (local.get $inputs))
              (local.get $inputs)
              (local.get $panel)
              (call $item (local.get $bias) (local.get $column) (i32.const 1))
              (local.get $floor)
              (call $item
                (call $item (local.get $out) (local.get $row) (local.get $columns)) (local.get $column) (i32.const 1))
              (i32.shl (local.get $columns) (i32.const 2)))
            (local.set $row (i32.add (local.get $row) (i32.const 4)))
            (br $nextRows)))
        (if (i32.eqz (i32.and (local.get $column) (i32.const 31)))
          (then
            (block $noMore
              (loop $nextRow
                (br_if $noMore (i32.ge_u (local.get $row) (local.get $rows)))
                (call $oneRow
                  (call $item (local.get $x) (local.get $row) (local.get $inputs))
                  (local.get $inputs)
                  (local.get $panel)
                  (call $item (local.get $bias) (local.get $column) (i32.const 1))
                  (local.get $floor)
                  (call $item
                    (call $item (local.get $out) (local.get $row) (local.get $columns)) (local.get $column) (i32.const 1)))
                (local.set $row (i32.add (local.get $row) (i32.const 1)))
                (br $nextRow)))))
        (local.set $column (i32.add (local.get $column) (i32.const 8)))
        (br $nextColumns))))

  ;; Address of a float: that of row $i of an array with rows of $width.
  (func $item (param $at i32) (param $i i32) (param $width i32) (result i32)
    (i32.add (local.get $at) (i32.shl (i32.mul (local.get $i) (local.get $width)) (i32.const 2))))

  ;; Four rows of 8 columns of a dense layer; rows of the output are $stride bytes apart.
  (func $fourRows
    (param $x i32) (param $inputs i32) (param $panel i32) (param $bias i32) (param $floor v128)
    (param $out i32) (param $stride i32)
    (local $x1 i32) (local $x2 i32) (local $x3 i32) (local $end i32) (local $low v128) (local $high v128) (local $v v128)
    (local $a0 v128) (local $a1 v128) (local $a2 v128) (local $a3 v128)
    (local $b0 v128) (local $b1 v128) (local $b2 v128) (local $b3 v128)
    (local.set $end (i32.add (local.get $panel) (i32.shl (local.get $inputs) (i32.const 5))))
    (local.set $x1 (call $item (local.get $x) (i32.const 1) (local.get $inputs)))
    (local.set $x2 (call $item (local.get $x) (i32.const 2) (local.get $inputs)))
    (local.set $x3 (call $item (local.get $x) (i32.const 3) (local.get $inputs)))
    (local.set $a0 (v128.load (local.get $bias)))
    (local.set $b0 (v128.load offset=16 (local.get $bias)))
    (local.set $a1 (local.get $a0))
    (local.set $b1 (local.get $b0))
    (local.set $a2 (local.get $a0))
    (local.set $b2 (local.get $b0))
    (local.set $a3 (local.get $a0))
    (local.set $b3 (local.get $b0))
    (loop $next
      (local.set $low (v128.load (local.get $panel)))
      (local.set $high (v128.load offset=16 (local.get $panel)))
      (local.set $v (v128.load32_splat (local.get $x)))
      (local.set $a0 (f32x4.add (local.get $a0) (f32x4.mul (local.get $v) (local.get $low))))
      (local.set $b0 (f32x4.add (local.get $b0) (f32x4.mul (local.get $v) (local.get $high))))
      (local.set $v (v128.load32_splat (local.get $x1)))
      (local.set $a1 (f32x4.add (local.get $a1) (f32x4.mul (local.get $v) (local.get $low))))
      (local.set $b1 (f32x4.add (local.get $b1) (f32x4.mul (local.get $v) (local.get $high))))
      (local.set $v (v128.load32_splat (local.get $x2)))
      (local.set $a2 (f32x4.add (local.get $a2) (f32x4.mul (local.get $v) (local.get $low))))
      (local.set $b2 (f32x4.add (local.get $b2) (f32x4.mul (local.get $v) (local.get $high))))
      (local.set $v (v128.load32_splat (local.get $x3)))
      (local.set $a3 (f32x4.add (local.get $a3) (f32x4.mul (local.get $v) (local.get $low))))
      (local.set $b3 (f32x4.add (local.get $b3) (f32x4.mul (local.get $v) (local.get $high))))
      (local.set $x (i32.add (local.get $x) (i32.const 4)))
      (local.set $x1 (i32.add (local.get $x1) (i32.const 4)))
      (local.set $x2 (i32.add (local.get $x2) (i32.const 4)))
      (local.set $x3 (i32.add (local.get $x3) (i32.const 4)))
      (local.set $panel (i32.add (local.get $panel) (i32.const 32)))
      (br_if $next (i32.lt_u (local.get $panel) (local.get $end))))
    (v128.store (local.get $out) (f32x4.max (local.get $floor) (local.get $a0)))
    (v128.store offset=16 (local.get $out) (f32x4.max (local.get $floor) (local.get $b0)))
    (local.set $out (i32.add (local.get $out) (local.get $stride)))
    (v128.store (local.get $out) (f32x4.max (local.get $floor) (local.get $a1)))
    (v128.store offset=16 (local.get $out) (f32x4.max (local.get $floor) (local.get $b1)))
    (local.set $out (i32.add (local.get $out) (local.get $stride)))
    (v128.store (local.get $out) (f32x4.max (local.get $floor) (local.get $a2)))
    (v128.store offset=16 (local.get $out) (f32x4.max (local.get $floor) (local.get $b2)))
    (local.set $out (i32.add (local.get $out) (local.get $stride)))
    (v128.store (local.get $out) (f32x4.max (local.get $floor) (local.get $a3)))
    (v128.store offset=16 (local.get $out) (f32x4.max (local.get $floor) (local.get $b3))))

  ;; One row of 32 columns of a dense layer.
  (func $oneRow
    (param $x i32) (param $inputs i32) (param $panel i32) (param $bias i32) (param $floor v128) (param $out i32)
    (local $size i32) (local $end i32) (local $p1 i32) (local $p2 i32) (local $p3 i32) (local $v v128)
    (local $a0 v128) (local $a1 v128) (local $a2 v128) (local $a3 v128)
    (local $a4 v128) (local $a5 v128) (local $a6 v128) (local $a7 v128)
    (local.set $size (i32.shl (local.get $inputs) (i32.const 5)))
    (local.set $p1 (i32.add (local.get $panel) (local.get $size)))
    (local.set $p2 (i32.add (local.get $p1) (local.get $size)))
    (local.set $p3 (i32.add (local.get $p2) (local.get $size)))
    (local.set $end (local.get $p1))
    (local.set $a0 (v128.load (local.get $bias)))
    (local.set $a1 (v128.load offset=16 (local.get $bias)))
    (local.set $a2 (v128.load offset=32 (local.get $bias)))
    (local.set $a3 (v128.load offset=48 (local.get $bias)))
    (local.set $a4 (v128.load offset=64 (local.get $bias)))
    (local.set $a5 (v128.load offset=80 (local.get $bias)))
    (local.set $a6 (v128.load offset=96 (local.get $bias)))
    (local.set $a7 (v128.load offset=112 (local.get $bias)))
    (loop $next
      (local.set $v (v128.load32_splat (local.get $x)))
      (local.set $a0 (f32x4.add (local.get $a0) (f32x4.mul (local.get $v) (v128.load (local.get $panel)))))
      (local.set $a1 (f32x4.add (local.get $a1) (f32x4.mul (local.get $v) (v128.load offset=16 (local.get $panel)))))
      (local.set $a2 (f32x4.add (local.get $a2) (f32x4.mul (local.get $v) (v128.load (local.get $p1)))))
      (local.set $a3 (f32x4.add (local.get $a3) (f32x4.mul (local.get $v) (v128.load offset=16 (local.get $p1)))))
      (local.set $a4 (f32x4.add (local.get $a4) (f32x4.mul (local.get $v) (v128.load (local.get $p2)))))
      (local.set $a5 (f32x4.add (local.get $a5) (f32x4.mul (local.get $v) (v128.load offset=16 (local.get $p2)))))
      (local.set $a6 (f32x4.add (local.get $a6) (f32x4.mul (local.get $v) (v128.load (local.get $p3)))))
      (local.set $a7 (f32x4.add (local.get $a7) (f32x4.mul (local.get $v) (v128.load offset=16 (local.get $p3)))))
      (local.set $x (i32.add (local.get $x) (i32.const 4)))
      (local.set $p1 (i32.add (local.get $p1) (i32.const 32)))
      (local.set $p2 (i32.add (local.get $p2) (i32.const 32)))
      (local.set $p3 (i32.add (local.get $p3) (i32.const 32)))
      (local.set $panel (i32.add (local.get $panel) (i32.const 32)))
      (br_if $next (i32.lt_u (local.get $panel) (local.get $end))))
    (v128.store (local.get $out) (f32x4.max (local.get $floor) (local.get $a0)))
    (v128.store offset=16 (local.get $out) (f32x4.max (local.get $floor) (local.get $a1)))
    (v128.store offset=32 (local.get $out) (f32x4.max (local.get $floor) (local.get $a2)))
    (v128.store offset=48 (local.get $out) (f32x4.max (local.get $floor) (local.get $a3)))
    (v128.store offset=64 (local.get $out) (f32x4.max (local.get $floor) (local.get $a4)))
    (v128.store offset=80 (local.get $out) (f32x4.max (local.get $floor) (local.get $a5)))
    (v128.store offset=96 (local.get $out) (f32x4.max (local.get $floor) (local.get $a6)))
    (v128.store offset=112 (local.get $out) (f32x4.max (local.get $floor) (local.get $a7))))

  ;; Gated recurrent units of one patch: reset = σ(i0 + o0), update = σ(i1 + o1), candidate = tanh(i2 + reset · o2), and
  ;; h = candidate + update · (h - candidate), with the parts of input and own memory of [rows, 3, width].
  (func (export "gru")
    (param $input i32) (param $own i32) (param $h i32) (param $rows i32) (param $width i32)
    (local $size i32) (local $end i32) (local $endOfRow i32) (local $i1 i32) (local $i2 i32) (local $o1 i32) (local $o2 i32)
    (local $c v128)
    (local.set $size (i32.shl (local.get $width) (i32.const 2)))
    (local.set $end (call $item (local.get $h) (local.get $rows) (local.get $width)))
    (block $done
      (loop $nextRow
        (br_if $done (i32.ge_u (local.get $h) (local.get $end)))
        (local.set $endOfRow (i32.add (local.get $h) (local.get $size)))
        (local.set $i1 (i32.add (local.get $input) (local.get $size)))
        (local.set $i2 (i32.add (local.get $i1) (local.get $size)))
        (local.set $o1 (i32.add (local.get $own) (local.get $size)))
        (local.set $o2 (i32.add (local.get $o1) (local.get $size)))
        (loop $next
          (local.set $c
            (call $tanh
              (f32x4.add
                (v128.load (local.get $i2))
                (f32x4.mul
                  (call $sigmoid (f32x4.add (v128.load (local.get $input)) (v128.load (local.get $own))))
                  (v128.load (local.get $o2))))))
          (v128.store (local.get $h)
            (f32x4.add
              (local.get $c)
              (f32x4.mul
                (call $sigmoid (f32x4.add (v128.load (local.get $i1)) (v128.load (local.get $o1))))
                (f32x4.sub (v128.load (local.get $h)) (local.get $c)))))
          (local.set $input (i32.add (local.get $input) (i32.const 16)))
          (local.set $own (i32.add (local.get $own) (i32.const 16)))
          (local.set $i1 (i32.add (local.get $i1) (i32.const 16)))
          (local.set $i2 (i32.add (local.get $i2) (i32.const 16)))
          (local.set $o1 (i32.add (local.get $o1) (i32.const 16)))
          (local.set $o2 (i32.add (local.get $o2) (i32.const 16)))
          (local.set $h (i32.add (local.get $h) (i32.const 16)))
          (br_if $next (i32.lt_u (local.get $h) (local.get $endOfRow))))
        (local.set $input (local.get $i2))
        (local.set $own (local.get $o2))
        (br $nextRow))))

  ;; Units of long short-term memory: c = σ(g1) · c + σ(g0) · tanh(g2), h = σ(g3) · tanh(c), with gates of [rows, 4, width].
  (func (export "lstm") (param $gates i32) (param $h i32) (param $c i32) (param $rows i32) (param $width i32)
    (local $size i32) (local $end i32) (local $endOfRow i32) (local $g1 i32) (local $g2 i32) (local $g3 i32) (local $v v128)
    (local.set $size (i32.shl (local.get $width) (i32.const 2)))
    (local.set $end (call $item (local.get $h) (local.get $rows) (local.get $width)))
    (block $done
      (loop $nextRow
        (br_if $done (i32.ge_u (local.get $h) (local.get $end)))
        (local.set $endOfRow (i32.add (local.get $h) (local.get $size)))
        (local.set $g1 (i32.add (local.get $gates) (local.get $size)))
        (local.set $g2 (i32.add (local.get $g1) (local.get $size)))
        (local.set $g3 (i32.add (local.get $g2) (local.get $size)))
        (loop $next
          (local.set $v
            (f32x4.add
              (f32x4.mul (call $sigmoid (v128.load (local.get $g1))) (v128.load (local.get $c)))
              (f32x4.mul (call $sigmoid (v128.load (local.get $gates))) (call $tanh (v128.load (local.get $g2))))))
          (v128.store (local.get $c) (local.get $v))
          (v128.store (local.get $h) (f32x4.mul (call $sigmoid (v128.load (local.get $g3))) (call $tanh (local.get $v))))
          (local.set $gates (i32.add (local.get $gates) (i32.const 16)))
          (local.set $g1 (i32.add (local.get $g1) (i32.const 16)))
          (local.set $g2 (i32.add (local.get $g2) (i32.const 16)))
          (local.set $g3 (i32.add (local.get $g3) (i32.const 16)))
          (local.set $h (i32.add (local.get $h) (i32.const 16)))
          (local.set $c (i32.add (local.get $c) (i32.const 16)))
          (br_if $next (i32.lt_u (local.get $h) (local.get $endOfRow))))
        (local.set $gates (local.get $g3))
        (br $nextRow))))

  ;; Σ weights · exp(-max(0, squares + added)) of one row, for two sets of weights.
  (func (export "gaussian")
    (param $squares i32) (param $count i32) (param $added f32) (param $weights i32) (param $out i32)
    (local $end i32) (local $second i32) (local $add v128) (local $v v128) (local $a v128) (local $b v128)
    (local.set $add (f32x4.splat (local.get $added)))
    (local.set $end (call $item (local.get $squares) (local.get $count) (i32.const 1)))
    (local.set $second (call $item (local.get $weights) (local.get $count) (i32.const 1)))
    (loop $next
      (local.set $v
        (call $exp
          (f32x4.min
            (v128.const f32x4 0 0 0 0)
            (f32x4.neg (f32x4.add (v128.load (local.get $squares)) (local.get $add))))))
      (local.set $a (f32x4.add (local.get $a) (f32x4.mul (local.get $v) (v128.load (local.get $weights)))))
      (local.set $b (f32x4.add (local.get $b) (f32x4.mul (local.get $v) (v128.load (local.get $second)))))
      (local.set $squares (i32.add (local.get $squares) (i32.const 16)))
      (local.set $weights (i32.add (local.get $weights) (i32.const 16)))
      (local.set $second (i32.add (local.get $second) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $squares) (local.get $end))))
    (local.set $v (call $pairs (local.get $a) (local.get $b)))
    (v128.store64_lane 0 (local.get $out)
      (f32x4.add
        (local.get $v)
        (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $v) (local.get $v)))))

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

  ;; 1 / (1 + e^-x): with e = exp(-|x|), 1 / (1 + e), and 1 minus that for a negative x.
  (func $sigmoid (param $x v128) (result v128)
    (local $e v128)
    (local.set $e (call $exp (f32x4.neg (f32x4.abs (local.get $x)))))
    (f32x4.div
      (v128.bitselect
        (local.get $e)
        (f32x4.splat (f32.const 1))
        (f32x4.lt (local.get $x) (v128.const f32x4 0 0 0 0)))
      (f32x4.add (f32x4.splat (f32.const 1)) (local.get $e))))

  ;; With e = exp(-2 |x|), (1 - e) / (1 + e) and the sign of x.
  (func $tanh (param $x v128) (result v128)
    (local $e v128)
    (local.set $e (call $exp (f32x4.mul (f32x4.splat (f32.const -2)) (f32x4.abs (local.get $x)))))
    (v128.bitselect
      (local.get $x)
      (f32x4.div
        (f32x4.sub (f32x4.splat (f32.const 1)) (local.get $e))
        (f32x4.add (f32x4.splat (f32.const 1)) (local.get $e)))
      (i32x4.splat (i32.const 0x80000000))))

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
