declare module 'ringbufferjs' {
  class RingBuffer<T> {
    constructor(capacity: number, onEvicted?: (element: T) => void);
    capacity(): number;
    size(): number;
    isFull(): boolean;
    peekN(count: number): T[];
    deq(): T;
    enq(element: T): number;
  }
  export = RingBuffer;
}
