import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { defaultDataDir } from '../log/log-files.ts';
import { SCOPES, type Scope, TOKEN_NAME } from '../server/auth/access.ts';
import { UserError } from '../user-error.ts';
import { parseDuration } from '../util/duration.ts';
import { textTable } from '../util/text-table.ts';
import { userName } from '../util/user.ts';

const TOKEN_COLUMNS = ['ID', 'NAME', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED'];

interface TokenFlags {
  readonly dataDir: string;
  readonly file?: string;
}

/** `undertone token`: manages access to a server. A running server applies changes at once. */
export function tokenCommand(): Command {
  const create = new Command('create')
    .description('Create a token and print it once; only a hash of it is stored.')
    .option('--name <name>', 'name of its owner, for the audit log', name, 'token')
    .addOption(
      new Option(
        '--scope <scopes>',
        `permissions, separated by commas: ${SCOPES.join(', ')} (manage includes the others)`,
      )
        .argParser(scopes)
        .default(['watch'], 'watch'),
    )
    .option('--expires <duration>', 'lifetime, such as 90d or 12h (default: until it is revoked)', lifetime)
    .addHelpText(
      'after',
      '\nExamples:\n  $ undertone token create --name wall-display\n  $ undertone token create --name booth --scope send --expires 90d',
    )
    .action(async (options: TokenFlags & { name: string; scope: readonly Scope[]; expires?: number }) => {
      const { addToken } = await import('../server/auth/token-file.ts');
      const expires = options.expires === undefined ? undefined : new Date(Date.now() + options.expires);
      const made = await addToken(fileOf(options), { name: options.name, scopes: options.scope, expires });
      if (!made) {
        throw new UserError(
          'usage',
          `A token named "${options.name}" exists: revoke it first, or choose another --name.`,
        );
      }
      const { token, entry } = made;
      await audit(options, 'token create', `${entry.name} (${entry.scopes.join(', ')})`);
      process.stdout.write(`${token}\n`);
      process.stderr.write(
        `The token "${entry.name}" has the scope ${entry.scopes.join(' and ')}${expires ? ` until ${expires.toISOString()}` : ''}. It is shown only once: keep it safe.\n`,
      );
    });

  const list = new Command('list')
    .description('List the tokens with their names, scopes, and times of creation, expiry and last use.')
    .addHelpText('after', '\nExample:\n  $ undertone token list')
    .action(async (options: TokenFlags) => {
      const { lastUsedFile, readLastUsed, readTokens } = await import('../server/auth/token-file.ts');
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
    .description('Revoke a token: it is refused from now on, and its open connections are closed.')
    .argument('<token>', 'name or id of the token, as listed by "undertone token list"')
    .addHelpText('after', '\nExample:\n  $ undertone token revoke wall-display')
    .action(async (which: string, options: TokenFlags) => {
      const { revokeToken } = await import('../server/auth/token-file.ts');
      const revoked = (await revokeToken(fileOf(options), which)).name;
      await audit(options, 'token revoke', revoked);
      process.stdout.write(`Revoked the token "${revoked}".\n`);
    });

  const command = new Command('token').description('Create, list and revoke the access tokens of a server.');
  for (const one of [create, list, revoke]) {
    one
      .option(
        '--data-dir <folder>',
        "the server's data directory, which contains the tokens",
        defaultDataDir(),
      )
      .option('--file <file>', 'the token file, if the configuration sets another one');
    command.addCommand(one);
  }
  return command.addHelpText('after', '\nExample:\n  $ undertone token create --name booth --scope send');
}

const fileOf = ({ dataDir, file }: TokenFlags): string => file ?? join(dataDir, 'tokens.json');

async function audit({ dataDir }: TokenFlags, what: string, about: string): Promise<void> {
  const { AUDIT_FILE, Audit } = await import('../server/auth/audit.ts');
  new Audit(join(dataDir, AUDIT_FILE)).record({
    what,
    who: userName(),
    from: 'command line',
    about,
  });
}

function name(value: string): string {
  if (TOKEN_NAME.test(value)) return value;
  throw new InvalidArgumentError('Expected 1 to 64 letters, digits, spaces and ._@-.');
}

function scopes(value: string): readonly Scope[] {
  const given = value.split(',').map((scope) => scope.trim());
  const isScope = (scope: string): scope is Scope => (SCOPES as readonly string[]).includes(scope);
  if (given.every(isScope)) return given;
  throw new InvalidArgumentError(`Expected one or more of ${SCOPES.join(', ')}, separated by commas.`);
}

function lifetime(value: string): number {
  const ms = parseDuration(value);
  if (ms !== undefined && ms > 0 && Date.now() + ms < 8.64e15) return ms;
  throw new InvalidArgumentError('Expected a duration such as 90d, 12h or 30m.');
}

const minute = (iso: string): string => iso.slice(0, 16).replace('T', ' ');
const isPast = (iso: string): boolean => Date.parse(iso) <= Date.now();
