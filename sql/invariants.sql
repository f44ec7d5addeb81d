-- What must always be true, whatever happened before: every row that this answers is a fault.
SELECT 'an order is in the state of its last move' AS rule, o.order_no AS what
  FROM orders o
 WHERE o.state IS DISTINCT FROM (SELECT e.to_state FROM audit_event e WHERE e.order_id = o.id AND e.stream = 'orders/' || o.order_no
                                    AND e.move IS NOT NULL ORDER BY e.seq DESC LIMIT 1)
UNION ALL
SELECT 'who reviews holds a lease, and nobody else does', order_no
  FROM orders WHERE (lease_staff IS NOT NULL) <> (state IN ('in_review', 'in_second_review'))
UNION ALL
SELECT 'nothing is passed but what was reviewed', order_no
  FROM orders
 WHERE state IN ('awaiting_funds', 'accepted', 'bank_verification_pending', 'bank_verified', 'issuing', 'issued', 'shipped', 'delivered', 'completed')
   AND review_passed_sha256 IS DISTINCT FROM content_sha256
UNION ALL
SELECT 'nothing is made before it is paid', order_no
  FROM orders o
 WHERE state IN ('accepted', 'bank_verification_pending', 'bank_verified', 'issuing', 'issued', 'shipped', 'delivered', 'completed')
   AND NOT EXISTS (SELECT FROM payment p WHERE p.order_id = o.id AND p.purpose = 'order' AND p.state IN ('paid', 'refunding', 'refunded'))
UNION ALL
SELECT 'an order that came to nothing keeps no money', order_no
  FROM orders o
 WHERE state IN ('cancelled', 'denied', 'expired', 'refunded')
   AND EXISTS (SELECT FROM payment p WHERE p.order_id = o.id AND p.purpose = 'order' AND p.state = 'paid')
UNION ALL
SELECT 'no more goes back than came in', p.payment_id
  FROM payment p
 WHERE p.received_fen < (SELECT coalesce(sum(f.amount_fen), 0) FROM refund f WHERE f.payment_id = p.id AND f.state NOT IN ('failed', 'withdrawn'))
UNION ALL
SELECT 'a line of our account pays no more than it holds', l.serial
  FROM bank_line l
 WHERE l.amount_fen < (SELECT coalesce(sum(m.amount_fen), 0) FROM bank_match m WHERE m.line_id = l.id)
UNION ALL
SELECT 'what is issued has one certificate that holds', order_no
  FROM orders o
 WHERE state IN ('issued', 'shipped', 'delivered', 'completed')
   AND (SELECT count(*) FROM certificate c WHERE c.order_id = o.id AND c.reissue_no = o.reissue_no) <> 1
UNION ALL
SELECT 'a certificate is the one that was intended', encode(c.serial, 'hex')
  FROM certificate c JOIN cert_intent i ON i.id = c.intent_id
 WHERE i.cert_der IS NULL OR i.void_reason IS NOT NULL OR i.serial <> c.serial OR i.order_id <> c.order_id
UNION ALL
SELECT 'a PIN ends with the parcel', o.order_no
  FROM orders o JOIN pin p ON p.order_id = o.id
 WHERE o.state IN ('shipped', 'delivered', 'completed', 'refunded', 'cancelled', 'denied', 'expired') AND p.state IN ('made', 'sent')
UNION ALL
SELECT 'two pairs of eyes are two people', o.order_no
  FROM orders o
  JOIN review a ON a.order_id = o.id AND a.stage = 1 AND a.verdict = 'approved' AND NOT a.is_void
  JOIN review b ON b.order_id = o.id AND b.stage = 2 AND b.verdict = 'approved' AND NOT b.is_void AND b.staff_id = a.staff_id
UNION ALL
SELECT 'no invoice stands above what was kept', i.number
  FROM invoice i
 WHERE i.state IN ('issued', 'sent')
   AND i.amount_fen > (SELECT coalesce(sum(p.received_fen), 0) FROM payment p WHERE p.order_id = i.order_id AND p.purpose = 'order')
                    - (SELECT coalesce(sum(f.amount_fen), 0) FROM refund f JOIN payment p ON p.id = f.payment_id
                        WHERE p.order_id = i.order_id AND p.purpose = 'order' AND f.state IN ('submitted', 'unknown', 'succeeded'))
UNION ALL
SELECT 'nothing is billed before there is a certificate', i.number
  FROM invoice i
 WHERE NOT EXISTS (SELECT FROM certificate c WHERE c.order_id = i.order_id)
UNION ALL
SELECT 'a chain of the trail ends at its head', s.stream
  FROM audit_stream s
 WHERE s.seq <> (SELECT coalesce(max(e.seq), 0) FROM audit_event e WHERE e.stream = s.stream)
UNION ALL
SELECT 'what is done keeps no secret', key FROM job WHERE state = 'done' AND secret IS NOT NULL;
