/**
 * What the decision service counts, for Prometheus, under the names OPA's server uses where it counts the same. Labels are closed
 * lists, so that no client can make series.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Routes as OPA names them. */
export type ServeHandler =
  | 'v0/data'
  | 'v1/data'
  | 'v1/batch'
  | 'v1/query'
  | 'v1/policies'
  | 'v1/compile'
  | 'v1/status'
  | 'index'
  | 'health'
  | 'metrics'
  | 'envoy'
  | 'other';

const BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1];
const METHODS: ReadonlySet<string> = new Set(['get', 'post', 'put', 'patch', 'delete', 'head']);

export interface ServeMetrics {
  answered(handler: ServeHandler, method: string, status: number, seconds: number): void;
  /** Refused because too many requests were worked on. */
  refused(): void;
  reloaded(outcome: 'swapped' | 'unchanged' | 'refused', loadedAtMs: number): void;
  changed(): void;
  render(): Promise<{ readonly type: string; readonly body: string }>;
}

export function createServeMetrics(inFlight: () => number): ServeMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer.',
    labelNames: ['code', 'handler', 'method'],
    buckets: BUCKETS,
    registers,
  });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `sallyport_serve_${name}`, help, labelNames: [...labelNames], registers });
  const refused = counter('refused_total', 'Requests refused because too many were open.', []);
  const reloads = counter('policy_loads_total', 'Policy sets read, by outcome.', ['outcome']);
  const changes = counter('data_changes_total', 'Requests that changed data.', []);
  const loaded = new Gauge({
    name: 'sallyport_serve_policies_loaded_timestamp_seconds',
    help: 'When the policies that decide were read.',
    registers,
  });
  registry.registerMetric(
    new Gauge({
      name: 'sallyport_serve_requests_open',
      help: 'Requests worked on now.',
      registers: [],
      collect() {
        this.set(inFlight());
      },
    }),
  );
  return {
    answered(handler, method, status, seconds) {
      const known = METHODS.has(method.toLowerCase()) ? method.toLowerCase() : 'other';
      requests.observe({ code: String(status), handler, method: known }, seconds);
    },
    refused: () => refused.inc(),
    reloaded(outcome, loadedAtMs) {
      reloads.inc({ outcome });
      if (outcome !== 'refused') loaded.set(loadedAtMs / 1000);
    },
    changed: () => changes.inc(),
    render: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  };
}
