#include "commandline.h"
#include "commands/cancel.h"
#include "commands/config.h"
#include "commands/doctor.h"
#include "commands/logs.h"
#include "commands/start.h"
#include "commands/status.h"
#include "commands/submit.h"
#include "commands/supportbundle.h"
#include "commands/switches.h"
#include "commands/why.h"
#include "commands/workloads.h"

int main(int argc, char *argv[])
{
    cloudnode::CommandLine line(argc, argv);
    cloudnode::addStartCommand(line);
    cloudnode::addConfigCommand(line);
    cloudnode::addDoctorCommand(line);
    cloudnode::addStatusCommand(line);
    cloudnode::addWorkloadsCommand(line);
    cloudnode::addLogsCommand(line);
    cloudnode::addWhyCommand(line);
    cloudnode::addCancelCommand(line);
    cloudnode::addSwitchCommands(line);
    cloudnode::addSubmitCommand(line);
    cloudnode::addSupportBundleCommand(line);
    return line.run();
}
