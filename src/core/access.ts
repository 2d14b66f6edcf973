import type { Call, Location } from './remote.ts';

/** What somebody may do with a bucket: read is to list it and to get what is in it, write is to put and to remove. */
export interface Rights {
  readonly read: boolean;
  readonly write: boolean;
}

/** Rights of somebody other than the owner. */
export interface Grant extends Rights {
  /** A project, by its id or name as it stands in the store's rules, or something else that they can name: `id:user`, an
   *  ARN. */
  readonly who: string;
}

/** Who besides its owner may reach a bucket, as the store's rules say. */
export interface BucketAccess {
  /** In the order of the rules. */
  readonly grants: readonly Grant[];
  /** True where anybody may read and list, without a login. */
  readonly isPublic: boolean;
  /** All other rules, in the store's words, and notes on where the rules for parts of the bucket differ. */
  readonly others: readonly string[];
}

/** A change of the rules of a bucket. What it does not name stays as it is. */
export interface AccessChange {
  /** Rights to give (true) and to take away (false), by project; what is undefined stays. A name that holds a colon goes
   *  into the store's rules as it is. */
  readonly projects: ReadonlyMap<string, Partial<Rights>>;
  readonly isPublic?: boolean;
}

/** The bucket of a path, and who may reach it. Every method throws `Failure`: 'folder-not-found' for no such bucket,
 *  'unsupported' where the store knows no such rules, 'denied' for a bucket of somebody else. */
export interface BucketControl {
  /** The bucket itself, in its store: below a layer, when it was asked. */
  readonly location: Location;
  read(call?: Call): Promise<BucketAccess>;
  /** Changes the rules, reads them again and repeats itself where somebody else's change came in between.
   *  Throws Failure('changed') when that does not end. */
  change(change: AccessChange, call?: Call): Promise<void>;
  /** The project that the login is of, as rules name it; null where the store does not tell. */
  self(call?: Call): Promise<string | null>;
  /** The name of that project, by which rules may know it too; null where the login was not made by it. */
  readonly selfName: string | null;
  /** Options that a remote of another project needs to reach this bucket, by their names in a config. */
  address(call?: Call): Promise<ReadonlyMap<string, string>>;
}
