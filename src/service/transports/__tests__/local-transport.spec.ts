import { transportContract } from '../../../testing/transport-contract';
import { createLocalTransport } from '../local-transport';

transportContract('local', async () => createLocalTransport());
