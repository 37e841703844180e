// Checks that deploy/ fits the product and itself.
//
// - The Dockerfile builds on one pinned Node that package.json allows, copies only what is there, and its last stage has a
//   user of its own, a health check and the default ports.
// - compose.yaml gives our containers only settings of apps/server/src/config.ts, and all that they need; the hosts in their
//   URLs are services; the ports published are the ones listened on, and only this machine reaches them; the workers together
//   ask the exchange no more often than one process may.
// - What is mounted exists; images have versions; who is waited for exists and has a health check.
// - Every variable that compose takes from outside must be given or may be empty, .env.example has those that must, and has
//   no values.
// - prometheus/compose.yml scrapes services at ports they listen on, with the key that its container is given.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LineCounter, parseDocument } from 'yaml';
import { copiedBy, environmentOf, isSent, lastOf, stagesOf } from './deploy/dockerfile.mjs';
import { lineAt, lineOf, readManifest, report } from './repo.mjs';
import { settingsOf } from './settings.mjs';

/** @typedef {import('./repo.mjs').Violation} Violation */
/** @typedef {import('./deploy/dockerfile.mjs').Stage} Stage */
/** @typedef {{ [key: string]: unknown }} Fields */
/** @typedef {{ [name: string]: Fields }} Services */

const dockerfile = 'deploy/Dockerfile';
const compose = 'deploy/compose.yaml';
const example = 'deploy/.env.example';
const scraped = 'deploy/prometheus/compose.yml';
const settingsSource = 'apps/server/src/config.ts';
/** Without these a container would fall back to what is inside it, or not start. */
const needed = ['CHAMPION_HOME', 'CHAMPION_HOST', 'CHAMPION_API_KEY', 'DATABASE_URL', 'CLICKHOUSE_URL'];

/** @param {string} root @returns {{ services: number, violations: Violation[] }} */
export function checkDeploy(root) {
  const read = (/** @type {string} */ file) =>
    existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '';
  const missing = [dockerfile, compose, example, scraped].filter((file) => read(file) === '');
  if (missing.length > 0) {
    return {
      services: 0,
      violations: missing.map((file) => wrong(file, 1, 'is missing', 'docs/how-to/deploy.md speaks of it')),
    };
  }
  const settings = settingsOf(read(settingsSource), settingsSource);
  const stages = stagesOf(read(dockerfile));
  const parsed = [readYaml(compose, read(compose)), readYaml(scraped, read(scraped))];
  const broken = parsed.flatMap(({ errors }) => errors);
  if (broken.length > 0) return { services: 0, violations: broken };
  const [{ value: file = {} } = {}, { value: scraping = {} } = {}] = parsed;
  const services = /** @type {Services} */ (fieldsOf(file.services));
  const violations = [
    ...judgeDockerfile(root, stages, read('.dockerignore'), settings),
    ...judgeServices(root, file, stages, settings, read(compose)),
    ...judgeVariables(read(compose), read(example)),
    ...judgeScraping(root, scraping, services, settings, read(scraped)),
  ];
  return { services: Object.keys(services).length, violations };
}

/** @param {string} file @param {number} line @param {string} what @param {string} rule @returns {Violation} */
function wrong(file, line, what, rule) {
  return { file, line, what, rule };
}

/** @param {string} file @param {string} text @returns {{ value?: Fields, errors: Violation[] }} */
function readYaml(file, text) {
  const lines = new LineCounter();
  const document = parseDocument(text, { merge: true, lineCounter: lines });
  // What follows the first is mostly its consequence.
  const errors = document.errors
    .slice(0, 1)
    .map(({ message, pos }) =>
      wrong(file, lines.linePos(pos[0]).line, `is no YAML: ${message.split('\n')[0]}`, 'mend it'),
    );
  return errors.length > 0 ? { errors } : { value: fieldsOf(document.toJS()), errors };
}

/** @param {unknown} value @returns {Fields} */
function fieldsOf(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? /** @type {Fields} */ (value) : {};
}

/** @param {unknown} value @returns {unknown[]} */
function listOf(value) {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

/**
 * @param {string} root @param {Stage[]} stages @param {string} ignore
 * @param {import('./settings.mjs').Setting[]} settings @returns {Violation[]}
 */
function judgeDockerfile(root, stages, ignore, settings) {
  const manifest = /** @type {{ engines?: { node?: string } }} */ (readManifest(join(root, 'package.json')));
  const least = manifest.engines?.node?.match(/\d+(\.\d+)*/)?.[0] ?? '0';
  const names = stages.map(({ name }) => name);
  /** @type {Violation[]} */
  const violations = [];
  for (const stage of stages) {
    const version = /^node:(\d+\.\d+\.\d+)-/.exec(stage.base)?.[1];
    if (version === undefined) {
      violations.push(
        wrong(dockerfile, stage.line, `builds on ${stage.base}`, 'pin Node in full: node:22.23.2-bookworm-slim'),
      );
    } else if (isBelow(version, least)) {
      violations.push(
        wrong(dockerfile, stage.line, `builds on Node ${version}`, `package.json wants ${least} or later`),
      );
    }
    for (const { from, sources, line } of copiedBy(stage)) {
      if (from !== undefined) {
        if (!names.includes(from))
          violations.push(wrong(dockerfile, line, `copies from ${from}`, 'there is no such stage'));
        continue;
      }
      for (const source of sources) {
        const what = `copies ${source}`;
        if (!existsSync(join(root, source)))
          violations.push(wrong(dockerfile, line, what, 'it is not in the repository'));
        else if (source !== '.' && !isSent(ignore, source))
          violations.push(wrong(dockerfile, line, what, '.dockerignore leaves it out'));
      }
    }
  }
  const last = stages.at(-1);
  if (last === undefined) return [wrong(dockerfile, 1, 'has no FROM', 'it builds the image')];
  const user = lastOf(last, 'USER');
  if (user === undefined || /^(root|0)(:|$)/.test(user.text)) {
    violations.push(wrong(dockerfile, user?.line ?? last.line, 'runs as root', 'end with a USER of its own'));
  }
  if (lastOf(last, 'HEALTHCHECK') === undefined) {
    violations.push(wrong(dockerfile, last.line, 'has no HEALTHCHECK', 'who waits for the server needs it'));
  }
  const exposed = lastOf(last, 'EXPOSE');
  const ports = ['CHAMPION_PORT', 'CHAMPION_TRACKING_PORT'].map((name) => defaultOf(settings, name));
  if (exposed?.text.split(/\s+/).sort().join(' ') !== ports.sort().join(' ')) {
    violations.push(
      wrong(
        dockerfile,
        exposed?.line ?? last.line,
        `exposes ${exposed?.text ?? 'nothing'}`,
        `the ports are ${ports.join(' and ')}`,
      ),
    );
  }
  return [...violations, ...judgeSettings([...environmentOf(last).keys()], settings, dockerfile, 'ENV', last.line)];
}

/** @param {string} version @param {string} least */
function isBelow(version, least) {
  const [a, b] = [version, least].map((text) => text.split('.').map(Number));
  const at = [0, 1, 2].find((i) => (a?.[i] ?? 0) !== (b?.[i] ?? 0)) ?? 0;
  return (a?.[at] ?? 0) < (b?.[at] ?? 0);
}

/** @param {import('./settings.mjs').Setting[]} settings @param {string} name */
function defaultOf(settings, name) {
  return settings.find((setting) => setting.name === name)?.default ?? '';
}

/**
 * @param {string[]} names @param {import('./settings.mjs').Setting[]} settings
 * @param {string} file @param {string} where @param {number} line @returns {Violation[]}
 */
function judgeSettings(names, settings, file, where, line) {
  return names
    .filter((name) => name !== 'NODE_ENV' && !settings.some((setting) => setting.name === name))
    .map((name) => wrong(file, line, `${where} sets ${name}`, `${settingsSource} has no such setting`));
}

/**
 * @param {string} root @param {Fields} file @param {Stage[]} stages
 * @param {import('./settings.mjs').Setting[]} settings @param {string} text @returns {Violation[]}
 */
function judgeServices(root, file, stages, settings, text) {
  const services = /** @type {Services} */ (fieldsOf(file.services));
  const volumes = Object.keys(fieldsOf(file.volumes));
  const secrets = Object.keys(fieldsOf(file.secrets));
  const image = stages.at(-1);
  /** @type {[string, string][]} */
  const inherited = image === undefined ? [] : [...environmentOf(image)];
  return Object.entries(services).flatMap(([name, service]) => {
    const at = lineOf(text, `\n  ${name}:`) + 1;
    const violations = [
      ...judgeImage(name, service, at),
      ...judgeMounts(root, name, service, { volumes, secrets }, at),
      ...judgeWaiting(name, service, services, at),
      ...judgePublished(name, service, at),
    ];
    if (service.build === undefined) return violations;
    const { context, dockerfile: built } = fieldsOf(service.build);
    const path = posix.join('deploy', String(context), String(built));
    if (path !== dockerfile)
      violations.push(wrong(compose, at, `${name} is built by ${path}`, `the image is that of ${dockerfile}`));
    const given = fieldsOf(service.environment);
    const env = new Map(inherited);
    for (const [key, value] of Object.entries(given)) env.set(key, String(value));
    violations.push(...judgeSettings(Object.keys(given), settings, compose, name, at));
    for (const setting of needed.filter((each) => !env.has(each))) {
      violations.push(wrong(compose, at, `${name} has no ${setting}`, 'it does not work in a container without'));
    }
    return [
      ...violations,
      ...judgeHosts(name, env, services, at),
      ...judgeOurPorts(name, service, env, settings, at),
      ...judgePace(name, service, env, settings, at),
    ];
  });
}

/** @param {string} name @param {Fields} service @param {number} at @returns {Violation[]} */
function judgeImage(name, service, at) {
  const image = String(service.image ?? '');
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  if (tag !== undefined && /\d/.test(tag)) return [];
  return [
    wrong(
      compose,
      at,
      `${name} runs ${image === '' ? 'no image' : image}`,
      'name a version: what runs must not change by itself',
    ),
  ];
}

/**
 * @param {string} root @param {string} name @param {Fields} service
 * @param {{ volumes: string[], secrets: string[] }} known @param {number} at @returns {Violation[]}
 */
function judgeMounts(root, name, service, { volumes, secrets }, at) {
  const mounts = listOf(service.volumes).map((mount) => String(mount).split(':')[0] ?? '');
  return [
    ...mounts
      .filter((source) =>
        source.startsWith('.') ? !existsSync(join(root, 'deploy', source)) : !volumes.includes(source),
      )
      .map((source) =>
        wrong(
          compose,
          at,
          `${name} mounts ${source}`,
          source.startsWith('.') ? 'it is not in the repository' : 'it is no volume',
        ),
      ),
    ...listOf(service.secrets)
      .filter((secret) => !secrets.includes(String(secret)))
      .map((secret) => wrong(compose, at, `${name} is given ${secret}`, 'it is no secret')),
  ];
}

/** @param {string} name @param {Fields} service @param {Services} services @param {number} at @returns {Violation[]} */
function judgeWaiting(name, service, services, at) {
  return Object.entries(fieldsOf(service.depends_on)).flatMap(([other, how]) => {
    const awaited = services[other];
    const what = `${name} waits for ${other}`;
    if (awaited === undefined) return [wrong(compose, at, what, 'it is no service')];
    if (fieldsOf(how).condition !== 'service_healthy')
      return [wrong(compose, at, what, 'wait until it is service_healthy')];
    // Ours has the one of its image.
    return awaited.healthcheck === undefined && awaited.build === undefined
      ? [wrong(compose, at, what, 'it has no healthcheck')]
      : [];
  });
}

/** @param {string} name @param {Fields} service @param {number} at @returns {Violation[]} */
function judgePublished(name, service, at) {
  return listOf(service.ports)
    .filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(String(port)))
    .map((port) => wrong(compose, at, `${name} publishes ${port}`, 'for this machine alone: 127.0.0.1:PORT:PORT'));
}

/** @param {string} name @param {Map<string, string>} env @param {Services} services @param {number} at @returns {Violation[]} */
function judgeHosts(name, env, services, at) {
  const hosts = (/** @type {string} */ value) =>
    [...value.matchAll(/(?:^|,|@|\/\/)([a-z][\w.-]*):\d+/g)].map(([, host = '']) => host);
  return [...env]
    .filter(([key]) => /_(URL|BROKERS|URI)$/.test(key))
    .flatMap(([key, value]) =>
      hosts(value)
        .filter((host) => services[host] === undefined)
        .map((host) => wrong(compose, at, `${key} of ${name} names ${host}`, 'it is no service')),
    );
}

/**
 * @param {string} name @param {Fields} service @param {Map<string, string>} env
 * @param {import('./settings.mjs').Setting[]} settings @param {number} at @returns {Violation[]}
 */
function judgeOurPorts(name, service, env, settings, at) {
  const listened = ['CHAMPION_PORT', 'CHAMPION_TRACKING_PORT'].map((key) => env.get(key) ?? defaultOf(settings, key));
  return listOf(service.ports)
    .map((port) => String(port).split(':').at(-1) ?? '')
    .filter((port) => !listened.includes(port))
    .map((port) => wrong(compose, at, `${name} publishes its port ${port}`, `it listens on ${listened.join(' and ')}`));
}

/**
 * @param {string} name @param {Fields} service @param {Map<string, string>} env
 * @param {import('./settings.mjs').Setting[]} settings @param {number} at @returns {Violation[]}
 */
function judgePace(name, service, env, settings, at) {
  const most = defaultOf(settings, 'NSE_REQUESTS_PER_SECOND');
  const pace = env.get('NSE_REQUESTS_PER_SECOND') ?? most;
  const replicas = Number(fieldsOf(service.deploy).replicas ?? 1);
  if (replicas * Number(pace) <= Number(most)) return [];
  const rule = `each paces itself, and all together may ask ${most} times a second`;
  return [wrong(compose, at, `${replicas} of ${name} ask the exchange ${pace} times a second`, rule)];
}

/** @param {string} text @param {string} exampleText @returns {Violation[]} */
function judgeVariables(text, exampleText) {
  const used = [...text.matchAll(/(?<!\$)\$\{(\w+)([^}]*)\}/g)].map((use) => ({
    name: use[1] ?? '',
    rest: use[2] ?? '',
    line: lineAt(text, use.index),
  }));
  const listed = [...exampleText.matchAll(/^(\w+)=(.*)$/gm)].map((row) => ({
    name: row[1] ?? '',
    value: row[2] ?? '',
    line: lineAt(exampleText, row.index),
  }));
  const required = new Set(used.filter(({ rest }) => rest.startsWith(':?')).map(({ name }) => name));
  return [
    ...used
      .filter(({ rest }) => !rest.startsWith(':?') && rest !== ':-')
      .map(({ name, rest, line }) =>
        wrong(compose, line, `takes \${${name}${rest}}`, 'write :? (it must be given) or :- (it may be empty)'),
      ),
    ...used
      .filter(({ name }) => required.has(name) && !listed.some((row) => row.name === name))
      .map(({ name, line }) => wrong(compose, line, `takes ${name}`, `${example} does not list it`)),
    ...listed
      .filter(({ name }) => !used.some((use) => use.name === name))
      .map(({ name, line }) => wrong(example, line, `lists ${name}`, `${compose} does not take it`)),
    ...listed
      .filter(({ value }) => value !== '')
      .map(({ name, line }) => wrong(example, line, `gives ${name} a value`, 'everybody would know it')),
  ];
}

/**
 * @param {string} root @param {Fields} scraping @param {Services} services
 * @param {import('./settings.mjs').Setting[]} settings @param {string} text @returns {Violation[]}
 */
function judgeScraping(root, scraping, services, settings, text) {
  const keys = listOf(services.prometheus?.secrets).map((secret) => `/run/secrets/${secret}`);
  /** The port that a service tells its metrics on. @param {Fields | undefined} service */
  const portOf = (service) =>
    String(fieldsOf(service?.environment).CHAMPION_METRICS_PORT ?? defaultOf(settings, 'CHAMPION_PORT'));
  const judgeTarget = (/** @type {string} */ host, /** @type {string} */ port) => {
    const line = lineOf(text, host);
    if (services[host] === undefined)
      return [wrong(scraped, line, `scrapes ${host}`, `${compose} has no such service`)];
    return port === portOf(services[host])
      ? []
      : [wrong(scraped, line, `scrapes ${host}:${port}`, `it tells its metrics on ${portOf(services[host])}`)];
  };
  const rules = listOf(scraping.rule_files)
    .filter((file) => !existsSync(join(root, dirname(scraped), String(file))))
    .map((file) => wrong(scraped, lineOf(text, String(file)), `reads the rules ${file}`, 'it is not beside it'));
  const jobs = listOf(scraping.scrape_configs).map(fieldsOf);
  if (jobs.length === 0) return [wrong(scraped, 1, 'scrapes nothing', 'list scrape_configs')];
  return [
    ...rules,
    ...jobs.flatMap((job) => {
      const credentials = String(fieldsOf(job.authorization).credentials_file ?? 'none');
      return [
        ...(keys.includes(credentials)
          ? []
          : [
              wrong(
                scraped,
                lineOf(text, String(job.job_name)),
                `${job.job_name} sends the key ${credentials}`,
                `the container is given ${keys.join(', ') || 'none'}`,
              ),
            ]),
        ...listOf(job.static_configs).flatMap((config) =>
          listOf(fieldsOf(config).targets).flatMap((target) => {
            const [host = '', port = ''] = String(target).split(':');
            return judgeTarget(host, port);
          }),
        ),
        ...listOf(job.dns_sd_configs).flatMap((config) => {
          const { names, port } = fieldsOf(config);
          return listOf(names).flatMap((host) => judgeTarget(String(host), String(port)));
        }),
      ];
    }),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
  const { services, violations } = checkDeploy(root);
  report('deploy', `${services} services`, violations);
}
