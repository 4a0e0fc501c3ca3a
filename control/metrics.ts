/**
 * What the gateway counts, for Prometheus. Labels are closed lists or codes of our own: nothing a client or a policy can choose,
 * so that the number of series stays bounded. It implements the gate's observer.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { GateObserver } from '../proxy/gate/observer.ts';
import type { JournalPort } from '../proxy/gate/ports.ts';

/** Seconds; a decision is meant to take well under a millisecond. */
const DECISION_BUCKETS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25];
const APPEND_BUCKETS = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5];

export interface Metrics {
  readonly observer: GateObserver;
  /** The same journal, counted and timed. */
  watchJournal(journal: JournalPort): JournalPort;
  /** Reads a listener's own counts of dropped clients, by cause, whenever metrics are asked for. */
  watchListener(
    listener: 'postgres' | 'http',
    dropped: () => Readonly<Record<string, number>>,
  ): void;
  /** A notice to people came to an end. */
  noticeDone(
    channel: 'webhook' | 'slack' | 'teams' | 'email',
    outcome: 'delivered' | 'moot' | 'dead',
  ): void;
  policyReloaded(outcome: 'loaded' | 'refused'): void;
  render(): Promise<{ readonly type: string; readonly body: string }>;
}

export interface MetricSources {
  readonly connections: () => Readonly<Record<string, number>>;
  readonly approvalsWaiting: () => number;
  /** Lists of packages that no code decides. */
  readonly interpreted: () => number;
  /** Told of every fault; it logs. */
  readonly onFault: (error: unknown) => void;
}

export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `sallyport_${name}`, help, labelNames: [...labelNames], registers });

  const sessionsOpen = new Gauge({
    name: 'sallyport_sessions_open',
    help: 'Sessions open now.',
    registers,
  });
  const sessions = counter('sessions_total', 'Sessions opened.', []);
  const refused = counter('sessions_refused_total', 'Connections refused, by code.', ['code']);
  const actions = counter('actions_total', 'Actions decided.', ['kind', 'class', 'verdict']);
  const held = counter('actions_held_total', 'Actions that waited for a person.', ['kind']);
  const finished = counter('actions_finished_total', 'Actions that ran.', ['status']);
  const rows = counter('rows_total', 'Rows returned to clients.', []);
  const bytes = counter('bytes_total', 'Bytes returned to clients.', []);
  const faults = counter('faults_total', 'Faults inside the gate; each blocked an action.', []);
  const appends = counter('journal_appends_total', 'Journal entries, by durability and outcome.', [
    'durability',
    'outcome',
  ]);
  const dropped = new Map<string, () => Readonly<Record<string, number>>>();
  registry.registerMetric(
    new Gauge({
      name: 'sallyport_clients_dropped',
      help: 'Clients dropped since the start, by listener and cause.',
      labelNames: ['listener', 'cause'],
      registers: [],
      collect() {
        for (const [listener, read] of dropped)
          for (const [cause, count] of Object.entries(read())) this.set({ listener, cause }, count);
      },
    }),
  );
  const notices = counter('notices_total', 'Notices to people, by channel and outcome.', [
    'channel',
    'outcome',
  ]);
  const reloads = counter('policy_loads_total', 'Policy sets read, by outcome.', ['outcome']);
  const decision = new Histogram({
    name: 'sallyport_decision_seconds',
    help: 'Time all decisions on one action took.',
    labelNames: ['kind'],
    buckets: DECISION_BUCKETS,
    registers,
  });
  const appendTime = new Histogram({
    name: 'sallyport_journal_append_seconds',
    help: 'Time until an entry was as durable as asked for.',
    labelNames: ['durability'],
    buckets: APPEND_BUCKETS,
    registers,
  });
  registry.registerMetric(
    new Gauge({
      name: 'sallyport_connections',
      help: 'Connections open now, half-open ones included.',
      labelNames: ['listener'],
      registers: [],
      collect() {
        for (const [listener, count] of Object.entries(sources.connections()))
          this.set({ listener }, count);
      },
    }),
  );
  registry.registerMetric(
    new Gauge({
      name: 'sallyport_approvals_waiting',
      help: 'Requests for approval that wait now.',
      registers: [],
      collect() {
        this.set(sources.approvalsWaiting());
      },
    }),
  );
  registry.registerMetric(
    new Gauge({
      name: 'sallyport_policies_interpreted',
      help: 'Lists of packages whose decisions are interpreted instead of compiled, which is slow.',
      registers: [],
      collect() {
        this.set(sources.interpreted());
      },
    }),
  );

  return {
    observer: {
      sessionOpened() {
        sessionsOpen.inc();
        sessions.inc();
      },
      sessionRefused: (code) => refused.inc({ code }),
      sessionClosed: () => sessionsOpen.dec(),
      actionDecided(fact) {
        actions.inc({ kind: fact.kind, class: fact.class, verdict: fact.verdict });
        decision.observe({ kind: fact.kind }, fact.decisionNs / 1e9);
      },
      actionHeld: (kind) => held.inc({ kind }),
      actionFinished(status, rowCount, byteCount) {
        finished.inc({ status });
        rows.inc(rowCount);
        bytes.inc(byteCount);
      },
      fault(error) {
        faults.inc();
        sources.onFault(error);
      },
    },
    watchJournal: (journal) => ({
      async append(entry, durability) {
        const end = appendTime.startTimer({ durability });
        try {
          const id = await journal.append(entry, durability);
          appends.inc({ durability, outcome: 'ok' });
          return id;
        } catch (error) {
          appends.inc({ durability, outcome: 'failed' });
          throw error;
        } finally {
          end();
        }
      },
    }),
    watchListener: (listener, read) => dropped.set(listener, read),
    noticeDone: (channel, outcome) => notices.inc({ channel, outcome }),
    policyReloaded: (outcome) => reloads.inc({ outcome }),
    render: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  };
}
