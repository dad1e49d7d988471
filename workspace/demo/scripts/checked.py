"""What testers saw when a check of the setup passed, as they wrote it down."""

SEEN = {
    "crm-connected": "One test event of each lead source arrived in the CRM, the slowest after nine seconds.",
    "crm-real-lead": "Lead 4161 opened in the CRM beside the form that it came from: every field of the brief is filled.",
    "crm-dispositions": "Lead 4161 stood at “new” before the test call and at “callback” a minute after it.",
    "dialer-rules": "Settings of the campaign printed and gone through with the brief, line by line; no difference.",
    "dialer-caps": "A test list of 400 leads: the dialer stopped by itself at the daily cap of the brief.",
    "dialer-hours": "A number of each region dialled at 8:58 and at 20:02 of its own time: the dialer refused all of them.",
    "dialer-dispositions": "All twelve codes on the agents’ screen, with the meaning that the brief gives them.",
    "dialer-routing": "One test call for each route; each rang where it should within ten seconds.",
    "sms-triggers": "Message received on two phones four seconds after a missed call, and after a set transfer.",
    "voicemail-files": "Both recordings left on a test mailbox and played back: the approved ones, to the end.",
    "follow-up": "Test lead 4170 went through all five steps; the last one came on the third morning, as planned.",
    "dashboard-figures": "Twelve test calls on the list, the same twelve on the dashboard, by code and by agent.",
    "client-login": "Logged in from our own office; the figures of the test calls can be seen.",
    "live-transfer": "The lead came with name, address and what was said; our closer could begin at once.",
    "live-response": "Six test leads between 9:00 and 12:00: dialled after 40 seconds to three minutes.",
    "script-agreed": "The final text beside our comments: all seven are taken up.",
    "script-compliance": "The passages on recording and on not being called again are marked, each with its rule.",
}
