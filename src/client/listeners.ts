/** Those who want to hear of something. */
export class Listeners<Value> {
  private readonly calls = new Set<(value: Value) => void>();

  /** Returns what ends the listening; it may be called twice. */
  add(call: (value: Value) => void): () => void {
    // Wrapped, so that one function added twice is two listeners.
    const own = (value: Value): void => {
      call(value);
    };
    this.calls.add(own);
    return () => {
      this.calls.delete(own);
    };
  }

  tell(value: Value): void {
    for (const call of [...this.calls]) {
      call(value);
    }
  }
}
