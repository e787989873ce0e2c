// A batch through npm's smpp: PORT COUNT WINDOW; exits when all are answered.
'use strict';
const smpp = require(process.env.NODE_SMPP);

const [port, count, window] = process.argv.slice(2).map(Number);
let sent = 0, answered = 0;
const session = smpp.connect({url: `smpp://127.0.0.1:${port}`}, () => {
	session.bind_transmitter({system_id: 'acme', password: ''}, () => {
		for (let i = 0; i < window; i++)
			next();
	});
});

function next() {
	if (sent === count)
		return;
	const n = sent++;
	session.submit_sm({
		source_addr: 'ACME',
		destination_addr: '49170' + String(n).padStart(7, '0'),
		short_message: `Hello ${n}`,
	}, (pdu) => {
		if (pdu.command_status !== 0)
			process.exit(1);
		if (++answered === count)
			session.unbind(() => process.exit(0));
		else
			next();
	});
}
