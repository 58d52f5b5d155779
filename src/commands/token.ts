import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { defaultDataDir } from '../log/log-files.ts';
import { SCOPES, type Scope } from '../server/auth/access.ts';
import { UserError } from '../user-error.ts';
import { parseDuration } from '../util/duration.ts';
import { textTable } from '../util/text-table.ts';

const TOKEN_COLUMNS = ['ID', 'NAME', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED'];

interface Place {
  readonly dataDir: string;
  readonly file?: string;
}

/** `undertone token`: who may use a server that others can reach. A running server knows at once. */
export function tokenCommand(): Command {
  const create = new Command('create')
    .description('Make a token and show it, this once; only a hash of it is kept.')
    .option('--name <name>', 'whose it is, as the audit log calls it', name, 'token')
    .option(
      '--scope <scopes>',
      `what it allows, with commas: ${SCOPES.join(', ')} (manage includes the others)`,
      scopes,
      ['watch'] as readonly Scope[],
    )
    .option(
      '--expires <span>',
      'how long it is good, such as 90d or 12h (default: until it is revoked)',
      span,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ undertone token create --name wall-display\n  $ undertone token create --name booth --scope send --expires 90d',
    )
    .action(async (options: Place & { name: string; scope: readonly Scope[]; expires?: number }) => {
      const { makeToken } = await import('../server/auth/token-file.ts');
      const { changeTokens } = await import('../server/auth/token-file.ts');
      const expires = options.expires === undefined ? undefined : new Date(Date.now() + options.expires);
      const { token, entry } = makeToken(options.name, options.scope, expires);
      await changeTokens(fileOf(options), (tokens) => {
        if (tokens.some((other) => other.name === entry.name)) {
          throw new UserError(
            'usage',
            `There is a token "${entry.name}" already: revoke that first, or choose another --name.`,
          );
        }
        return [...tokens, entry];
      });
      await audit(options, 'token create', `${entry.name} (${entry.scopes.join(', ')})`);
      process.stdout.write(`${token}\n`);
      process.stderr.write(
        `The token "${entry.name}" allows to ${entry.scopes.join(' and ')}${expires ? ` until ${expires.toISOString()}` : ''}. It is shown this once: keep it safe.\n`,
      );
    });

  const list = new Command('list')
    .description('The tokens there are: name, scopes, when made, until when good, when last used.')
    .addHelpText('after', '\nExample:\n  $ undertone token list')
    .action(async (options: Place) => {
      const { readTokens } = await import('../server/auth/token-file.ts');
      const { lastUsedFile, readLastUsed } = await import('../server/auth/token-file.ts');
      const used = readLastUsed(lastUsedFile(fileOf(options)));
      const rows = readTokens(fileOf(options)).map(({ id, name, scopes, created, expires }) => [
        id,
        name,
        scopes.join(','),
        minute(created),
        expires === undefined ? 'never' : `${minute(expires)}${isPast(expires) ? ' (expired)' : ''}`,
        used[id] === undefined ? 'never' : minute(used[id]),
      ]);
      if (rows.length === 0) process.stdout.write('There are no tokens.\n');
      else process.stdout.write(`${textTable([TOKEN_COLUMNS, ...rows], { align: 'l' })}\n`);
    });

  const revoke = new Command('revoke')
    .description('Take a token back: it is refused from now on, and what was opened with it is closed.')
    .argument('<token>', 'its name or its id, as "undertone token list" shows them')
    .addHelpText('after', '\nExample:\n  $ undertone token revoke wall-display')
    .action(async (which: string, options: Place) => {
      const { changeTokens } = await import('../server/auth/token-file.ts');
      let revoked = '';
      await changeTokens(fileOf(options), (tokens) => {
        const left = tokens.filter(({ id, name }) => id !== which && name !== which);
        if (left.length === tokens.length) {
          throw new UserError(
            'unknown-token',
            `There is no token "${which}": "undertone token list" shows the ones there are.`,
          );
        }
        revoked = tokens.find((token) => !left.includes(token))?.name ?? which;
        return left;
      });
      await audit(options, 'token revoke', revoked);
      process.stdout.write(`The token "${revoked}" is good no more.\n`);
    });

  const command = new Command('token').description('Make, list and revoke the tokens of a server.');
  for (const one of [create, list, revoke]) {
    one
      .option('--data-dir <folder>', "the server's data directory, where the tokens lie", defaultDataDir())
      .option('--file <file>', 'where the tokens lie, if the configuration puts them elsewhere');
    command.addCommand(one);
  }
  return command.addHelpText('after', '\nExample:\n  $ undertone token create --name booth --scope send');
}

const fileOf = ({ dataDir, file }: Place): string => file ?? join(dataDir, 'tokens.json');

async function audit({ dataDir }: Place, what: string, about: string): Promise<void> {
  const { AUDIT_FILE, Audit } = await import('../server/auth/audit.ts');
  new Audit(join(dataDir, AUDIT_FILE)).record({
    what,
    who: userInfo().username,
    from: 'command line',
    about,
  });
}

function name(value: string): string {
  if (/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,63}$/u.test(value)) return value;
  throw new InvalidArgumentError('1 to 64 letters, digits, spaces and ._@- are expected.');
}

function scopes(value: string): readonly Scope[] {
  const given = value.split(',').map((scope) => scope.trim());
  const isScope = (scope: string): scope is Scope => (SCOPES as readonly string[]).includes(scope);
  if (given.every(isScope)) return given;
  throw new InvalidArgumentError(`One or more of ${SCOPES.join(', ')} are expected, with commas between.`);
}

function span(value: string): number {
  const ms = parseDuration(value);
  if (ms !== undefined && ms > 0 && Date.now() + ms < 8.64e15) return ms;
  throw new InvalidArgumentError('A span such as 90d, 12h or 30m is expected.');
}

const minute = (iso: string): string => iso.slice(0, 16).replace('T', ' ');
const isPast = (iso: string): boolean => Date.parse(iso) <= Date.now();
