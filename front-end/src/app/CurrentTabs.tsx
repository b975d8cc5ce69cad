import { Box } from '@mui/material';
import { useLocation } from 'react-router';
import { SectionTabs } from '@/components/SectionTabs';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { paths } from '@/config/paths';
import { useSession } from '@/lib/session';
import { type PageLink, pageAt, useSections } from './pages';

const DraftNotice = loadWhenOpened(async () => (await import('./DraftNotice')).DraftNotice);

/** Pages that change the design, which may have to be published. */
const DESIGN: ReadonlySet<string> = new Set([paths.stages, paths.templates, paths.variables, paths.agents]);

/** The tabs of the section that the open page belongs to, if the section has several pages. */
export function CurrentTabs() {
  const { pathname, search } = useLocation();
  const { business } = useSession();
  const sections = useSections();
  const current = pageAt(
    sections.flatMap((each) => each.pages),
    pathname,
  );
  const section = sections.find((each) => current && each.pages.includes(current));
  if (!current || !section || section.pages.length < 2) return null;
  const isFirstOfGroup = (page: PageLink) =>
    !page.group || page === section.pages.find((each) => each.group === page.group);
  const group = current.group && section.pages.filter((each) => each.group === current.group);
  return (
    <Box sx={{ width: '100%', maxWidth: 1500, mx: 'auto', px: { xs: 2, md: 3 }, pt: { xs: 0.5, md: 1.5 } }}>
      <SectionTabs
        label={section.label}
        tabs={section.pages.filter(isFirstOfGroup).map((page) => ({
          to: page.to,
          label: page.group ?? page.label,
          isCurrent: page === current || (!!page.group && page.group === current.group),
        }))}
      />
      {group && current.group && (
        <Box sx={{ pt: 1 }}>
          <SectionTabs
            label={current.group}
            isSecondRow
            tabs={group.map((page) => ({
              to: page.keepsQuery ? `${page.to}${search}` : page.to,
              label: page.label,
              isCurrent: page === current,
            }))}
          />
        </Box>
      )}
      {business.settings.publishing === 'reviewed' && DESIGN.has(current.to) && <DraftNotice />}
    </Box>
  );
}
