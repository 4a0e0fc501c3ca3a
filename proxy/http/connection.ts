/**
 * One client connection: its gate session and its connection to the target, kept while the same token asks for the same
 * resource, and its requests one after another. A new token is a new session.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { certificateOf } from '../gate/client-certificate.ts';
import type { Gate, GateSession } from '../gate/gate.ts';
import type { Credential, SecretPort } from '../gate/ports.ts';
import { isRefusal, type Refusal, refuse } from '../gate/refusal.ts';
import type { HttpLimits } from './limits.ts';
import { dialTarget, type TargetClient } from './target-client.ts';

export interface Admission {
  readonly session: GateSession;
  readonly target: TargetClient;
}

export interface ClientConnection {
  /** Runs one request after those before it; too many of them close the connection. */
  inTurn(work: () => Promise<void>): void;
  /** The session for this credential and resource: the one there is, or a new one. */
  admit(
    credential: Credential,
    resource: string,
    application: string,
  ): Promise<Admission | Refusal>;
  /** Aborts when the client is gone or the session has ended. */
  readonly isBusy: boolean;
}

interface Current extends Admission {
  readonly tokenHash: Buffer;
  /** A proof of its key came with the token, and has to come with every further request. */
  readonly isProven: boolean;
  readonly resource: string;
}

/** Characters of the user agent that name the application. */
const MAX_APPLICATION = 200;

export function createConnection(
  socket: Socket,
  gate: Gate,
  secrets: SecretPort,
  limits: HttpLimits,
): ClientConnection {
  const ip = socket.remoteAddress ?? '';
  let current: Current | undefined;
  let turn: Promise<void> = Promise.resolve();
  let waiting = 0;
  let isGone = false;

  function drop(cause: string): void {
    const dropped = current;
    current = undefined;
    dropped?.target.close();
    void dropped?.session.close(cause);
  }
  socket.once('close', () => {
    isGone = true;
    drop('the client closed the connection');
  });

  async function admit(
    said: Credential,
    resource: string,
    application: string,
  ): Promise<Admission | Refusal> {
    const certificate = certificateOf(socket);
    const credential: Credential =
      certificate === undefined ? said : { ...said, proof: { ...said.proof, certificate } };
    const isProven = said.proof?.dpop !== undefined;
    const tokenHash = createHash('sha256').update(said.token).digest();
    if (current !== undefined) {
      const isSame =
        current.resource === resource &&
        current.isProven === isProven &&
        timingSafeEqual(current.tokenHash, tokenHash);
      if (isSame && !current.session.ended.aborted) {
        const refusal = isProven ? await gate.confirm(current.session, credential) : undefined;
        return refusal ?? current;
      }
      drop('another credential or resource');
    }
    const session = await gate.open({
      credential,
      resource,
      client: { ip, application: application.slice(0, MAX_APPLICATION), fingerprint: 'http/1.1' },
    });
    if (isRefusal(session)) return session;
    const target = dialTarget(session.permit, secrets, limits);
    if (target === undefined || isGone) {
      await session.close(isGone ? 'the client closed the connection' : 'not an HTTP resource');
      return refuse('unsupported', 'resource/not-http', 'this resource does not speak HTTP');
    }
    const admitted = { session, target, tokenHash, isProven, resource };
    current = admitted;
    session.ended.addEventListener('abort', () => {
      if (current === admitted) drop('ended');
      if (waiting === 0) socket.end();
    });
    return admitted;
  }

  return {
    admit,
    get isBusy() {
      return waiting > 0;
    },
    inTurn(work) {
      // The parser goes on reading while a request waits for a person: what comes behind it is not the client's to pile up.
      if (waiting > limits.maxPipelined) {
        socket.destroy();
        return;
      }
      waiting += 1;
      turn = turn.then(async () => {
        try {
          if (!isGone) await work();
        } finally {
          waiting -= 1;
        }
      });
      turn.catch(() => socket.destroy());
    },
  };
}
