/** What holds for one route; `docs/routes.md` is made from it. */
export type RouteRule = {
  method: 'GET' | 'POST';
  path: string;
  /** The largest body that it takes; 0: it takes none. */
  bodyBytes: number;
  /** Whether anything is different afterwards, here or on a target. */
  changes: boolean;
  /** Whether a login that it leads to may ask a person. */
  mayAsk: boolean;
  /** What it is for, in a few words. */
  does: string;
};

const KIB = 2 ** 10;
const MIB = 2 ** 20;

/** Names, choices, answers. */
const SMALL = 64 * KIB;
/** Ten thousand ids. */
const IDS = MIB;
/** Paths, as many as one list shows. */
const PATHS = 4 * MIB;
/** A cell with what the kernel says of it; values travel beside it, in files. */
const CAPTURE = 64 * MIB;

type Own = Partial<Pick<RouteRule, 'changes' | 'mayAsk'>>;

const get = (path: string, does: string, own: Own = {}): RouteRule => ({
  method: 'GET',
  path,
  bodyBytes: 0,
  changes: false,
  mayAsk: false,
  does,
  ...own
});

const post = (path: string, bodyBytes: number, does: string, own: Own = {}): RouteRule => ({
  method: 'POST',
  path,
  bodyBytes,
  changes: true,
  mayAsk: false,
  does,
  ...own
});

const ASKS = { mayAsk: true };

/** Every route of the service. One that is not listed here cannot be added. */
export const ROUTE_RULES: readonly RouteRule[] = [
  get('/health', 'who serves, and where'),
  get('/api/openapi.json', 'the form of all calls'),
  get('/api/targets', 'the targets, and how they are connected'),
  get('/api/capture-kit', 'what a kernel is asked with'),
  get('/api/tasks', 'the list of tasks'),
  get('/api/status/:id', 'one task'),
  get('/api/events', 'the event stream (WebSocket)'),
  get('/api/events/:id', 'a batch of events'),
  get('/api/prompts', 'the open questions of logins'),
  get('/api/logs/:id', 'what a task printed'),
  get('/api/files/:id', 'the files that a task wrote'),
  // What was taken whole counts as fetched.
  get('/api/fetch/:id', 'all that a task left, as a tar', { changes: true, mayAsk: true }),
  get('/api/outputs/:id/:sha256', 'one large output', ASKS),
  get('/api/doctor/:id', 'the report of a run of the doctor'),
  post('/api/plan', CAPTURE, 'what a submit would do; a rehearsal', ASKS),
  post('/api/submit', CAPTURE, 'hands a task over', ASKS),
  post('/api/cancel/:id', SMALL, 'cancels a task', ASKS),
  post('/api/cancel', IDS, 'cancels many tasks', ASKS),
  post('/api/resolve/:id', SMALL, 'decides about a task in doubt', ASKS),
  post('/api/values/:id', SMALL, 'brings a kept value here', ASKS),
  post('/api/files/:id', PATHS, 'fetches or gives up files', ASKS),
  post('/api/prompts/:id', SMALL, 'answers a question of a login'),
  post('/api/login/:target', SMALL, 'connects', ASKS),
  post('/api/logout/:target', SMALL, 'closes a connection'),
  post('/api/trust/:target', SMALL, 'says how far a target is trusted'),
  post('/api/consent', SMALL, 'allows what a project file asks for'),
  post('/api/doctor', SMALL, 'begins a run of the doctor', ASKS),
  post('/api/doctor/:id/cancel', SMALL, 'ends it'),
  post('/api/doctor/:id/save', SMALL, 'writes what it proposes into the person’s file'),
  post('/api/clean/:target', SMALL, 'removes what is no longer used there', ASKS),
  post('/api/adopt/:target', IDS, 'looks for runs without a record, and takes them over', ASKS),
  post('/api/drain', SMALL, 'leaves for a newer service')
];

/** The rule of a route; null: there is none. */
export function ruleOf(method: string, path: string): RouteRule | null {
  return ROUTE_RULES.find(rule => rule.method === method && rule.path === path) ?? null;
}
