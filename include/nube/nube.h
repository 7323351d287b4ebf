/* Everything an application needs. */
#ifndef NUBE_NUBE_H
#define NUBE_NUBE_H

#include <nube/audit.h>
#include <nube/backend.h>
#include <nube/base.h>
#include <nube/batch.h>
#include <nube/conn.h>
#include <nube/error.h>
#include <nube/firewall.h>
#include <nube/image.h>
#include <nube/inventory.h>
#include <nube/key.h>
#include <nube/keyring.h>
#include <nube/lib.h>
#include <nube/node.h>
#include <nube/object.h>
#include <nube/op.h>
#include <nube/option.h>
#include <nube/snapshot.h>
#include <nube/ssh.h>
#include <nube/star.h>

#endif
