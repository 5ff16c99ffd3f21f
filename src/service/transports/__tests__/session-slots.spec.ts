import { SessionSlots } from '../session-slots';

const patient = new AbortController().signal;

describe('turns for sessions', () => {
  it('are given up to the limit, then in order', async () => {
    const slots = new SessionSlots(2);
    const order: number[] = [];
    await slots.acquire(patient);
    await slots.acquire(patient);
    const third = slots.acquire(patient).then(() => order.push(3));
    const fourth = slots.acquire(patient).then(() => order.push(4));
    expect(order).toEqual([]);
    slots.release();
    await third;
    expect(order).toEqual([3]);
    slots.release();
    await fourth;
    expect(order).toEqual([3, 4]);
  });

  it('are not lost with who gives up waiting', async () => {
    const slots = new SessionSlots(1);
    await slots.acquire(patient);
    const controller = new AbortController();
    const impatient = slots.acquire(controller.signal);
    const next = slots.acquire(patient);
    controller.abort(new Error('enough'));
    await expect(impatient).rejects.toThrow('enough');
    slots.release();
    await next;
  });

  it('become as few as the host lets in', async () => {
    const slots = new SessionSlots(8);
    await Promise.all(Array.from({ length: 8 }, () => slots.acquire(patient)));
    slots.opened();
    slots.opened();
    for (let refused = 0; refused < 6; refused += 1) {
      expect(slots.refused()).toBe(true);
      slots.release();
    }
    expect(slots.limit).toBe(2);
    expect(slots.tryAcquire()).toBe(false);
  });

  it('never become fewer than were open at once', async () => {
    const slots = new SessionSlots(8);
    await slots.acquire(patient);
    await slots.acquire(patient);
    const end = slots.opened();
    slots.opened();
    end();
    await slots.acquire(patient);
    expect(slots.refused()).toBe(true);
    expect(slots.limit).toBe(2);
  });

  it('tell when there is nothing to wait for', async () => {
    const slots = new SessionSlots(8);
    await slots.acquire(patient);
    expect(slots.refused()).toBe(false);
    expect(slots.limit).toBe(8);
  });

  it('are as many as before on another connection', async () => {
    const slots = new SessionSlots(2);
    await slots.acquire(patient);
    await slots.acquire(patient);
    slots.refused();
    expect(slots.limit).toBe(1);
    const waiting = slots.acquire(patient);
    slots.release();
    slots.reset();
    await waiting;
    expect(slots.limit).toBe(2);
  });
});
