// A project as administrators see it, and the whole of it as it is sent back.
import { put } from '../../shared/api';

export type Type = 'organisation' | 'natural_person';
export interface Offer { certificate_type: Type; fee_per_year_fen: number; years: number[] }
export interface Project {
  project: string; name_zh: string; name_en: string; active: boolean; supplier_url: string | null; courier_payer: 'sender' | 'recipient'; agreement_version: string; return_reasons: string[] | null; certificate_types: Offer[]; version: number;
}
export interface Text { id: string; version: string; lang: 'zh-CN' | 'en'; title: string; body: string; accepted: number }
export interface Detail { project: Project; texts: Text[] }
export interface Tariff { province: string; province_name: string; fee_fen: number; valid_from: string; valid_to: string | null; is_current: boolean }

export interface Province { province: string; province_name: string; served: boolean }

export interface Change extends Partial<Pick<Project, 'active' | 'supplier_url' | 'courier_payer' | 'certificate_types'>> {
  return_reasons?: string[] | null;
  agreements?: { id: string; lang: string; title: string; body: string }[];
}

/** Whoever read another version is refused with 412. */
export const save = (old: Project, change: Change) => {
  const { active, supplier_url: url, courier_payer, certificate_types: types, return_reasons: reasons } = { ...old, ...change };
  return put<Project>(`/projects/${old.project}`, {
    active, courier_payer, version: old.version, ...(url && { supplier_url: url }), ...(reasons?.length && { return_reasons: reasons }), ...(change.agreements && { agreements: change.agreements }),
    certificate_types: types.map((type) => ({ certificate_type: type.certificate_type, fee_per_year_fen: type.fee_per_year_fen, years: type.years.map((years) => ({ years })) })),
  });
};
