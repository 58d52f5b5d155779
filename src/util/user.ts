import { homedir, userInfo } from 'node:os';

/*
 * Services and containers may run as a user that no list of users contains. Node.js then throws where it looks the
 * user up.
 */

/** The home folder of the user; `/` for a user without one, as service managers and container runtimes have it. */
export function homeFolder(): string {
  try {
    return homedir() || '/';
  } catch {
    return '/';
  }
}

/** The name of the user, or the number of one without a name, such as `uid 4711`. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
