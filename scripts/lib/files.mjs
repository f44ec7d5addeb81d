// Directories and files with an owner, a group and a mode, whatever the umask of the caller.
import { chmodSync, chownSync, copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync,
  writeFileSync } from 'node:fs';
import { group, isRoot, person } from './people.mjs';

const ROOT = { uid: 0, gid: 0 };

function own(path, who, groupName) {
  if (!isRoot) return;
  const { uid, gid } = who ? person(who) : ROOT;
  chownSync(path, uid, groupName ? group(groupName) : gid);
}

/** Makes a directory, or mends its owner and mode. */
export function directory(path, { who, group: groupName, mode = 0o755 } = {}) {
  mkdirSync(path, { recursive: true });
  own(path, who, groupName);
  chmodSync(path, mode); // after chown, which takes the set-group-id bit away
}

/** Writes a file that is whole at any moment. */
export function file(path, text, { who, group: groupName, mode = 0o400 } = {}) {
  const fresh = `${path}.new`;
  writeFileSync(fresh, text, { mode: 0o600 });
  own(fresh, who, groupName);
  chmodSync(fresh, mode);
  renameSync(fresh, path);
}

/** The text of a file that is made once and then kept. */
export function once(path, make, options) {
  if (!existsSync(path)) file(path, make(), options);
  return readFileSync(path, 'utf8');
}

const same = (a, b) => {
  try {
    const x = statSync(a);
    const y = statSync(b);
    return x.size === y.size && x.mtimeMs <= y.mtimeMs;
  } catch {
    return false;
  }
};

/** Copies a tree so that everybody may read it; what is there already and newer stays. */
export function copyTree(from, to) {
  directory(to);
  for (const name of readdirSync(from)) {
    if (name === 'node_modules') continue;
    const stat = lstatSync(`${from}/${name}`);
    if (stat.isDirectory()) copyTree(`${from}/${name}`, `${to}/${name}`);
    else if (stat.isFile() && !same(`${from}/${name}`, `${to}/${name}`)) install(`${from}/${name}`, `${to}/${name}`, stat.mode);
  }
}

/** Copies one file into place at once, so that a running program keeps its own. */
export function install(from, to, mode) {
  copyFileSync(from, `${to}.new`);
  chmodSync(`${to}.new`, mode & 0o111 ? 0o755 : 0o644);
  renameSync(`${to}.new`, to);
}
