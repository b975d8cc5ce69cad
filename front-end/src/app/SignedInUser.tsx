import { Typography } from '@mui/material';
import { texts } from '@/config/texts';
import { useSession } from '@/lib/session';
import type { Me } from '@/lib/types';
import { displayName } from '@/lib/users';

/** Who is signed in, with their role and the business. */
export function SignedInUser({ wraps = false }: { wraps?: boolean }) {
  const { me, business } = useSession();
  const name = me.user ? displayName(me.user) : texts.nav.businessKey;
  const place = `${roleOf(me)} · ${business.business_name}`;
  return (
    <>
      <Typography variant="body2" noWrap title={name} sx={{ fontWeight: 600 }}>
        <bdi>{name}</bdi>
      </Typography>
      <Typography
        variant="caption"
        component="p"
        color="textSecondary"
        noWrap={!wraps}
        title={place}
        sx={{ overflowWrap: 'anywhere' }}
      >
        <bdi>{place}</bdi>
      </Typography>
    </>
  );
}

/** Operators who are not members, and keys, have no role. */
function roleOf(me: Me): string {
  if (me.role) return texts.nav.roles[me.role];
  return me.kind === 'login' ? texts.nav.operator : texts.nav.keyRole;
}
