/** Tells that a connection, or what is known of a target, changed. */
export class TargetNews {
  private readonly listeners = new Set<() => void>();

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  tell(): void {
    for (const listener of this.listeners) {
      listener();
    }
  }
}
