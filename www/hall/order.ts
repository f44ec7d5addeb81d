// An order as the hall tells it, and what pages ask of it.
import { useEffect, useState } from 'preact/hooks';
import { get, Refusal, type Reply } from '../shared/api';
import { lostSession } from './session';
import { t, type Word } from './text';

export type Group = Record<string, string | boolean | null | undefined>;
export type FormData_ = Record<string, Group | undefined>;
export interface Check { code: string; passed: boolean; detail: string }
export interface Scan { kind: string; sha256: string; size: number; content_type: string; uploaded_at: string; blocking?: boolean; checks: Check[] }
export interface Reason { target: string; pointer?: string | null; code: string; text: string }
export interface Payment {
  payment_id: string; method: string; amount_fen: number; state: string; code_url: string | null; reason?: string | null; expires_at: string | null; paid_at?: string | null;
  beneficiary?: { account_name: string; account_number: string; bank: string; memo: string } | null;
}
export interface Order {
  order_no: string; project: string; project_name: string; certificate_type: 'organisation' | 'natural_person'; years: number; state: string; state_label: string;
  fees: { certificate_fen: number; courier_fen: number; total_fen: number; courier_payer: 'sender' | 'recipient' };
  form: FormData_ | null; form_version: number; incomplete: string[] | null; confirmed_form: FormData_ | null; warnings: { pointer: string; code: string; text: string }[]; documents: Scan[]; rejection: { reasons: Reason[]; at?: string } | null;
  identity_check: { state: string; reason: string | null; expires_at: string; attempts_left: number } | null; payment: Payment | null;
  refunds: { refund_id: string; amount_fen: number; state: string; at: string }[];
  bank_verification: { state: string; attempt: number; reason: string | null; account_tail: string; submitted_at: string; finished_at: string | null } | null;
  certificate: { serial: string; subject: string; not_before: string; not_after: string; status: string } | null;
  shipment: { carrier: string; tracking_no: string; state: string; sent_at: string; signed_at: string | null; exception_reason: string | null; events: { at: string; place: string | null; remark: string }[] } | null;
  close_reason: string | null; allowed_actions: string[]; deadline_at: string | null; promised_at: string | null; created_at: string; updated_at: string;
}
export interface OrderRow {
  order_no: string; project: string; certificate_type: string; state: string; state_label: string; subject_name: string | null; years: number; total_fen: number;
  created_at: string; updated_at: string; allowed_actions: string[];
}
export interface Project {
  project: string; name: string; supplier_url: string; courier_payer: string;
  certificate_types: { certificate_type: string; years: number[]; documents: string[]; fee_per_year_fen: number }[];
  agreements: { id: string; version: string; title: string }[];
}

export { toneOf } from '../shared/state';

export const pathOf = (orderNo: string): string => `/orders/${encodeURIComponent(orderNo)}`;

export interface Loaded { order: Order; etag: string | null }
export interface OrderHandle extends Loaded { set: (reply: Reply<Order>) => void; reload: () => Promise<void> }

/** The order of this number, or why there is none. */
export function useOrder(orderNo: string): { handle: OrderHandle | null; problem: string } {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [problem, setProblem] = useState('');
  const set = ({ data, etag }: Reply<Order>) => setLoaded({ order: data, etag });
  const reload = async () => {
    try {
      set(await get<Order>(pathOf(orderNo)));
      setProblem('');
    } catch (error) {
      if (!lostSession(error)) setProblem(error instanceof Refusal ? error.problem.detail : String(error));
    }
  };
  useEffect(() => {
    setLoaded(null);
    void reload();
  }, [orderNo]);
  return { handle: loaded && { ...loaded, set, reload }, problem };
}

/** The words of a refusal; a lost session leads to signing in. */
export function wordsOf(error: unknown): string {
  if (lostSession(error)) return '';
  if (error instanceof Refusal) return error.problem.errors?.map((fault) => fault.detail).join('；') || error.problem.detail;
  throw error;
}

/** Faults of the hall by member; pointers look like "/handler/mobile". */
export function faultsOf(error: unknown): Record<string, string> | null {
  if (!(error instanceof Refusal) || !error.problem.errors?.length) return null;
  return Object.fromEntries(error.problem.errors.map(({ pointer, detail }) => [pointer.replace(/^\/form\//, '/').slice(1), detail]));
}

/** What somebody should look at, by member. */
export const warningsOf = (order: Order): Record<string, string> => Object.fromEntries((order.warnings ?? []).map(({ pointer, text }) => [pointer.slice(1), text]));

export interface Region { code: string; name: string; parent: string | null; level: number; is_leaf: boolean }
let regions: Promise<Region[]> | undefined;
export function allRegions(): Promise<Region[]> {
  regions ??= get<{ items: Region[] }>('/regions').then(({ data }) => data.items);
  regions.catch(() => { regions = undefined; });
  return regions;
}

/** The projects that one can apply for. */
export function useProjects(): { projects: Project[]; problem: string } {
  const [projects, setProjects] = useState<Project[]>([]);
  const [problem, setProblem] = useState('');
  useEffect(() => { get<{ items: Project[] }>('/projects').then(({ data }) => setProjects(data.items), (error) => setProblem(wordsOf(error))); }, []);
  return { projects, problem };
}

export const stepNames = (): string[] => (['step1', 'step2', 'step3', 'step4', 'step5', 'step6', 'step7'] as Word[]).map((word) => t(word));
