// An ESME of npm's smpp that does everything once, and prints what it gets.
//
//	node smsc-npm.js PORT MODE	transmitter, receiver, transceiver
'use strict';
const smpp = require(process.env.NODE_SMPP);
const [port, mode] = process.argv.slice(2);
const say = (...words) => console.log(words.join(' '));

const session = smpp.connect({url: `smpp://127.0.0.1:${port}`});
const ask = (command, fields) => new Promise((done) =>
	session[command](fields || {}, done));
let expected = 0;
let heard;
const quiet = new Promise((done) => { heard = done; });

session.on('error', (e) => { say('error', e.message); process.exit(1); });
session.on('pdu', (pdu) => {
	if (pdu.command === 'enquire_link')
		session.send(pdu.response());
	if (pdu.command !== 'deliver_sm')
		return;
	const text = pdu.short_message.message ||
		(pdu.message_payload && pdu.message_payload.message) || '';
	say('deliver_sm', pdu.esm_class, text.replace(/ submit.*stat:/, ' '));
	session.send(pdu.response());
	if (--expected === 0)
		heard();
});

async function submit() {
	const to = {source_addr: 'ACME', destination_addr: '4917'};
	let r = await ask('submit_sm', {...to, short_message: 'one',
		registered_delivery: 1});
	say('submit_sm', r.command_status, r.message_id);
	r = await ask('query_sm', {message_id: r.message_id,
		source_addr: 'ACME'});
	say('query_sm', r.command_status, r.message_state);
	r = await ask('submit_sm', {...to, message_payload: 'x'.repeat(3000),
		registered_delivery: 1});
	say('payload', r.command_status, r.message_id);
	r = await ask('submit_sm', {...to, short_message: 'later',
		schedule_delivery_time: '371231235959000+'});
	say('scheduled', r.command_status, r.message_id);
	say('replace_sm', (await ask('replace_sm', {message_id: r.message_id,
		source_addr: 'ACME', short_message: 'other'})).command_status);
	say('cancel_sm', (await ask('cancel_sm', {message_id: r.message_id,
		source_addr: 'ACME', destination_addr: '4917'}))
		.command_status);
	r = await ask('submit_multi', {source_addr: 'ACME', dest_address: [
		{dest_addr_ton: 0, dest_addr_npi: 0, destination_addr: '1'},
		{dl_name: 'none'}], short_message: 'many'});
	say('submit_multi', r.command_status, r.message_id,
		r.unsuccess_sme.length);
	r = await ask('data_sm', {...to, message_payload: 'data'});
	say('data_sm', r.command_status, r.message_id);
}

session.on('connect', async () => {
	expected = mode === 'transmitter' ? 0 : 2;
	let r = await ask(`bind_${mode}`, {system_id: 'npm', password: 'x'});
	say('bind', r.command_status, r.system_id);
	if (mode !== 'receiver')
		await submit();
	if (expected > 0)
		await quiet;
	say('enquire_link', (await ask('enquire_link')).command_status);
	say('unbind', (await ask('unbind')).command_status);
	session.close();
});
