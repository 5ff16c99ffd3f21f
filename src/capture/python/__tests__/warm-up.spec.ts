import { warmUpCapture } from '../warm-up';

describe('warmUpCapture', () => {
  it('captures a project that needs no disk', async () => {
    await expect(warmUpCapture()).resolves.toBe(48);
  });
});
