import { ProgressWords } from '../progress-words';

describe('words about files on their way', () => {
  const told = (files: number, bytes: number): string => {
    let nowMs = 0;
    const words: string[] = [];
    const progress = new ProgressWords(
      () => nowMs,
      { files: 10, bytes: 5e6 },
      text => words.push(text)
    );
    nowMs = 2000;
    progress.came(files, bytes);
    return words.at(-1) ?? '';
  };

  it('tell how many, how much and how fast', () => {
    expect(told(3, 2e6)).toBe('fetching files, 3 of 10, 2.0 MB of 5.0 MB, 1.0 MB/s');
  });

  it('tell no rate of empty files', () => {
    expect(told(7, 0)).toBe('fetching files, 7 of 10');
  });
});
