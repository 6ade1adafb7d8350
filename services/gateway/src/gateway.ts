import type { DeadLetters } from '@berth/platform/bus';
import { Clock } from '@berth/platform/clock';
import type { HttpDrain } from '@berth/platform/http';
import type { IdentitySigner } from '@berth/platform/identity';
import type { Logger } from '@berth/platform/log';
import type { Outbox } from '@berth/platform/outbox';
import type { Database } from '@berth/platform/postgres';
import type { Redis } from '@berth/platform/redis';
import type { FastifyInstance } from 'fastify';
import { acknowledgementRoutes } from './acknowledgements/acknowledgements.routes.js';
import { AcknowledgementService } from './acknowledgements/acknowledgements.service.js';
import { AcknowledgementStore } from './acknowledgements/acknowledgements.store.pg.js';
import { auditRoutes } from './audit/audit.routes.js';
import { AuditService } from './audit/audit.service.js';
import { AuditStore } from './audit/audit.store.pg.js';
import { ChainStore } from './audit/chain.store.pg.js';
import { AuditChainer } from './audit/chainer.js';
import { AuditVerifier } from './audit/verifier.js';
import { CommandService } from './commands/command.service.js';
import { IdempotencyStore } from './commands/idempotency.store.pg.js';
import { CommandIntake } from './commands/intake.js';
import { Preflight } from './commands/preflight.js';
import type { GatewayConfig } from './config.js';
import { deadLetterRoutes } from './dead-letters/dead-letters.routes.js';
import { DeadLetterService } from './dead-letters/dead-letters.service.js';
import { ownLetters, RemoteLetters } from './dead-letters/letter-sources.js';
import { DirectAudit } from './edge/direct-audit.js';
import { registerEdge } from './edge/edge.js';
import { Guard } from './edge/guard.js';
import { FeedService } from './feed/feed.service.js';
import type { FeedStore } from './feed/feed.store.pg.js';
import { FeedTail } from './feed/feed.tail.js';
import { Forwarder } from './forward/forwarder.js';
import { Identities } from './forward/identities.js';
import { Owners } from './forward/owners.js';
import { healthRoutes } from './health/health.routes.js';
import { HealthStore } from './health/health.store.pg.js';
import { housekeeping } from './housekeeping.js';
import { memberRoutes } from './members/members.routes.js';
import { MemberService } from './members/members.service.js';
import { MemberStore } from './members/members.store.pg.js';
import { openApiRoutes } from './openapi/openapi.routes.js';
import { CancelService } from './operations/cancel.service.js';
import { operationRoutes } from './operations/operations.routes.js';
import type { OperationService } from './operations/operations.service.js';
import { OperationStore } from './operations/operations.store.pg.js';
import { OperationWaiters } from './operations/waiters.js';
import { registerPortal } from './portal/portal.js';
import { preferenceRoutes } from './preferences/preferences.routes.js';
import { PreferenceStore } from './preferences/preferences.store.pg.js';
import type { ProjectStore } from './projects/projects.store.pg.js';
import { Access } from './rights/access.js';
import { Attempts } from './session/attempts.js';
import { Authenticator } from './session/authenticator.js';
import { FirstAccounts, forgetPasswordFile } from './session/first-accounts.js';
import { Passwords } from './session/passwords.js';
import { sessionRoutes } from './session/session.routes.js';
import { SessionService } from './session/session.service.js';
import { SessionStore } from './session/session.store.pg.js';
import { tokenRoutes } from './session/token.routes.js';
import { TokenService } from './session/token.service.js';
import { TokenStore } from './session/token.store.pg.js';

/** What the gateway is built from. */
export interface GatewayParts {
  readonly config: GatewayConfig;
  readonly database: Database;
  readonly outbox: Outbox;
  readonly redis: Redis | null;
  readonly signer: IdentitySigner;
  readonly drain: HttpDrain;
  readonly clock: Clock;
  readonly log: Logger;
  readonly feed: FeedStore;
  readonly projects: ProjectStore;
  readonly operations: OperationService;
  readonly deadLetters: DeadLetters;
}

/** The running parts behind the gateway's addresses. */
export interface Gateway {
  /** Adds every address to the server; before it listens. */
  register(server: FastifyInstance): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Puts the gateway together: who needs what is said here and nowhere else. */
export function buildGateway(parts: GatewayParts): Gateway {
  const { config, database, clock, log, feed, projects, operations } = parts;
  const secure = config.BERTH_PUBLIC_URL?.startsWith('https:') ?? false;
  const chainStore = new ChainStore();
  const chainer = new AuditChainer(database, chainStore, log);
  const audit = new AuditStore(() => chainer.wake());
  const keys = new IdempotencyStore();
  const sessions = new SessionStore();
  const members = new MemberStore();
  const tokens = new TokenStore();
  const acknowledgements = new AcknowledgementStore();
  const passwords = new Passwords();
  const authenticator = new Authenticator(database, sessions, tokens, clock);
  const access = new Access(database, projects);
  const trustProxy = config.BERTH_TRUST_PROXY;
  const guard = new Guard({ authenticator, access, audit, database, clock, trustProxy });
  const attempts = new Attempts(parts.redis ?? undefined, clock);
  const owners = new Owners(ownerUrls(config), log);
  const identities = new Identities(parts.signer);
  const tail = new FeedTail(database, feed, log);
  const intake = new CommandIntake({ ...parts, keys, audit, operations: new OperationStore() });
  const waiters = new OperationWaiters(tail);
  const commands = new CommandService({
    ...parts,
    keys,
    intake,
    waiters,
    preflight: new Preflight(owners, identities),
  });
  const letterSources = [
    ownLetters(parts.deadLetters),
    ...owners.configured().map((owner) => new RemoteLetters(owner, owners, identities)),
  ];
  const firstPasswordChanged = (): Promise<void> => forgetPasswordFile(config.BERTH_ADMIN_PASSWORD_FILE, log);
  const local = {
    ...sessionRoutes(
      new SessionService({ database, sessions, passwords, attempts, audit, clock, firstPasswordChanged }),
      secure,
    ),
    ...tokenRoutes(new TokenService(database, tokens, audit, clock)),
    ...memberRoutes(new MemberService({ database, members, sessions, tokens, projects, passwords, audit, clock })),
    ...operationRoutes(operations, new CancelService({ ...parts, access, audit, store: new OperationStore() })),
    ...auditRoutes(new AuditService(database, audit, new AuditVerifier(database, chainStore, clock), clock)),
    ...deadLetterRoutes(new DeadLetterService(letterSources, database, audit, clock)),
    ...acknowledgementRoutes(new AcknowledgementService(database, acknowledgements, feed, audit, clock)),
    ...preferenceRoutes(database, new PreferenceStore(), audit, clock),
    ...healthRoutes(database, new HealthStore(), clock),
    ...openApiRoutes(),
  };
  const keeper = housekeeping({ database, operations, sessions, keys, feed, acknowledgements, clock, log });
  return {
    register(server) {
      registerEdge(server, {
        guard,
        local,
        commands,
        log,
        secure,
        forwarder: new Forwarder(owners, identities, log),
        directAudit: new DirectAudit(database, audit, clock),
        feed: new FeedService({ ...parts, store: feed, tail, authenticator }),
      });
      registerPortal(server, { directory: config.BERTH_PORTAL_DIR, secure, log });
    },
    async start() {
      const accounts = new FirstAccounts(database, members, passwords, clock, log);
      await accounts.ensure(config.BERTH_ADMIN_PASSWORD_FILE, config.BERTH_SETUP_PASSWORD_FILE);
      await tail.start();
      keeper.start();
      chainer.start();
    },
    async stop() {
      await keeper.stop();
      await chainer.stop();
      await tail.stop();
      await owners.close();
    },
  };
}

function ownerUrls(config: GatewayConfig) {
  return {
    ipaas: config.BERTH_IPAAS_URLS,
    'cluster-mgr': config.BERTH_CLUSTER_MGR_URLS,
    dolphinsync: config.BERTH_DOLPHINSYNC_URLS,
    codeflow: config.BERTH_CODEFLOW_URLS,
    'nginx-mgr': config.BERTH_NGINX_MGR_URLS,
  };
}
