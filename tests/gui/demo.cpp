#include "fakefeed.h"
#include "fakehost.h"
#include "samples.h"
#include "ui/feed/nodemonitor.h"
#include "ui/logview/logpanel.h"
#include "ui/settings/settingspage.h"
#include "ui/tray/trayicon.h"
#include "ui/window/nodewindow.h"
#include "ui/window/overviewpage.h"
#include "ui/workloads/workloadmodel.h"

#include <QApplication>
#include <QFile>
#include <QStyleFactory>
#include <QTemporaryDir>
#include <QTimer>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

namespace {

QPalette darkPalette()
{
    const QColor text(0xee, 0xee, 0xee);
    QPalette palette(QColor(0x2f, 0x32, 0x36), QColor(0x2a, 0x2d, 0x31));
    palette.setColor(QPalette::Base, QColor(0x1d, 0x1f, 0x22));
    palette.setColor(QPalette::AlternateBase, QColor(0x25, 0x28, 0x2b));
    palette.setColor(QPalette::Highlight, QColor(0x2b, 0x6c, 0xb0));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    for (const auto role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText})
        palette.setColor(role, text);
    palette.setColor(QPalette::ToolTipBase, QColor(0x3a, 0x3e, 0x43));
    palette.setColor(QPalette::PlaceholderText, QColor(0x9a, 0x9f, 0xa5));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor(0x7a, 0x7f, 0x85));
    return palette;
}

void writeLog(const QString &path, bool error)
{
    QFile file(path);
    if (!file.open(QIODevice::Append))
        return;
    static int epoch = 0;
    ++epoch;
    if (error)
        file.write("\x1b[33mwarning:\x1b[0m learning rate is below the floor of the schedule\n");
    for (int i = 0; i < 3 && !error; ++i)
        file.write(QStringLiteral("\x1b[2m2026-11-24 10:%1:%2\x1b[0m \x1b[1;36mtrain\x1b[0m epoch %3  loss "
                                  "\x1b[32m%4\x1b[0m  lr 3.0e-04  1,284 samples/s\n")
                       .arg(epoch / 60 % 60, 2, 10, QChar(u'0'))
                       .arg(epoch % 60, 2, 10, QChar(u'0'))
                       .arg(epoch)
                       .arg(1.0 / (epoch + 3), 0, 'f', 4)
                       .toUtf8());
}

struct Demo {
    QTemporaryDir folder;
    FakeHost host;
    FakeFeed feed;
    NodeMonitor monitor{feed};
    WorkloadModel model;
    NodeSnapshot node = samples::readyNode();
    QList<WorkloadRecord> finished;

    WorkloadRecord withLogs(WorkloadRecord workload) const
    {
        workload.stdoutPath = folder.filePath(u"training_r-8f2c.stdout.log"_s);
        workload.stderrPath = folder.filePath(u"training_r-8f2c.stderr.log"_s);
        return workload;
    }

    void fill()
    {
        WorkloadRecord training = withLogs(samples::active(u"r-8f2c"_s));
        training.progress = WorkloadRecord::Progress{0.58, u"epoch 12 of 20"_s};
        WorkloadRecord inference = withLogs(samples::active(u"r-91aa"_s, u"inference"_s));
        inference.seconds = 3;
        inference.cpuPercent = 98;
        inference.memoryBytes = 1'200'000'000;
        WorkloadRecord stopping =
            withLogs(samples::active(u"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"_s, u"simulate"_s));
        stopping.seconds = 512;
        stopping.cancel = WorkloadRecord::Cancel{u"SIGTERM"_s, QDateTime::currentDateTimeUtc(),
                                                 QDateTime::currentDateTimeUtc().addSecs(8)};
        node.activeWorkloads = {training, inference, stopping};
        using Status = WorkloadRecord::Status;
        for (int i = 0; i < 143; ++i) {
            WorkloadRecord done = withLogs(
                samples::finished(u"r-%1"_s.arg(0x7e00 + i * 37, 0, 16), i % 9 == 3    ? Status::Failed
                                                                         : i % 13 == 5 ? Status::Cancelled
                                                                         : i == 17     ? Status::Lost
                                                                                       : Status::Completed));
            done.endedAt = done.endedAt.addSecs(-i * 1000);
            done.seconds = 60 + i * 7;
            finished.append(done);
        }
    }
};

} // namespace

/// Arguments, in any number: dark, narrow, empty, many, long; failed, install, paused, offline, notoken,
/// service; events, settings, test (the connection), menu (of the tray).
int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    QApplication::setOrganizationName(u"cloudnode-demo"_s);
    const QStringList arguments = QApplication::arguments();
    QApplication::setStyle(QStyleFactory::create(u"Fusion"_s));
    if (arguments.contains("dark"_L1))
        QApplication::setPalette(darkPalette());
    Demo demo;
    demo.fill();
    for (int i = 0; i < 60; ++i)
        writeLog(demo.withLogs({}).stdoutPath, false);
    writeLog(demo.withLogs({}).stderrPath, true);
    demo.host.token = arguments.contains("notoken"_L1) ? QString() : u"kept"_s;
    demo.host.kept.projectFolder = u"/home/ada/robots/pick-and-place"_s;
    demo.host.kept.slugHint = u"my-gpu-node"_s;
    demo.host.test.broker = Error{u"the broker's certificate is not trusted"_s, u"mqtt.cyberwave.com:8883"_s,
                                  u"Set mqtt_tls_ca_certs to the bundle that signed it."_s};
    NodeWindow window(demo.feed, demo.monitor, demo.model, demo.host);
    TrayIcon tray(demo.monitor);
    window.setHasTray(true);
    QObject::connect(&demo.feed, &NodeFeed::statusArrived, &demo.model,
                     [&](const NodeSnapshot &snapshot) { demo.model.setActive(snapshot.activeWorkloads); });
    QObject::connect(&demo.feed, &NodeFeed::workloadsArrived, &demo.model, &WorkloadModel::setListed);
    QObject::connect(&demo.feed, &NodeFeed::upChanged, &demo.model, &WorkloadModel::setLive);
    window.resize(arguments.contains("narrow"_L1) ? QSize(720, 480) : QSize(1000, 760));
    window.bringUp();

    if (arguments.contains("empty"_L1)) {
        demo.node.activeWorkloads.clear();
        demo.finished.clear();
    }
    if (arguments.contains("many"_L1))
        for (int i = 0; i < 20; ++i)
            demo.node.activeWorkloads.append(
                demo.withLogs(samples::active(QStringLiteral("r-%1").arg(i), u"inference"_s)));
    if (arguments.contains("long"_L1)) {
        demo.node.slug = u"a-very-long-slug-of-a-node-that-somebody-typed-without-ever-looking-at-a-window"_s;
        demo.node.workspaceSlug = u"the-workspace-of-the-department-for-industrial-robotics"_s;
        demo.node.profileSlug = u"gpu-a100-80gb-with-nvlink-and-much-memory"_s;
        demo.node.apiUrl = u"https://api.eu-central-1.staging.internal.cyberwave.example.com:8443/v1"_s;
        demo.node.broker.host = u"mqtt.eu-central-1.staging.internal.cyberwave.example.com"_s;
        demo.node.broker.tls = false;
        demo.node.activeWorkloads.first().requestId = QString(u"0123456789"_s).repeated(20);
    }
    if (arguments.contains("install"_L1)) {
        demo.node.state = NodeState::Installing;
        demo.node.problem = NodeSnapshot::Problem{u"the install script ended with code 1"_s,
                                                  QDateTime::currentDateTimeUtc().addSecs(-40),
                                                  u"Mend it and start the node again."_s};
    }
    demo.monitor.setService(arguments.contains("service"_L1));
    if (arguments.contains("failed"_L1)) {
        demo.node.state = NodeState::Connecting;
        demo.node.broker.connected = false;
        demo.node.heartbeat.failures = 3;
        demo.node.problem = NodeSnapshot::Problem{u"The broker's certificate is not trusted"_s,
                                                  QDateTime::currentDateTimeUtc().addSecs(-340),
                                                  u"Set mqtt_tls_ca_certs to the bundle that signed it."_s};
    }
    demo.node.paused = arguments.contains("paused"_L1);
    demo.monitor.setTokenKept(demo.host.hasToken());
    if (!arguments.contains("notoken"_L1)) {
        demo.feed.tell(demo.node);
        demo.feed.tellWorkloads(demo.finished);
    }
    using Level = NodeEvent::Level;
    const auto event = [&](qint64 ago, const QString &kind, Level level, const QString &text) {
        demo.feed.tellEvent({QDateTime::currentDateTimeUtc().addSecs(-ago), kind, level, text, {}});
    };
    event(90000, u"node"_s, Level::Info, u"Started, version 0.1.0"_s);
    event(11600, u"broker"_s, Level::Warning,
          u"Lost the broker mqtt.cyberwave.com: the connection was reset; trying again"_s);
    event(11590, u"broker"_s, Level::Info, u"Connected to mqtt.cyberwave.com:8883 with TLS"_s);
    event(4360, u"workload"_s, Level::Info, u"Started training r-8f2c"_s);
    event(600, u"workload"_s, Level::Error, u"training r-7e6f failed with code 3 after 1 min"_s);
    event(3, u"workload"_s, Level::Info, u"Started inference r-91aa"_s);
    if (arguments.contains("offline"_L1))
        demo.feed.goDown();
    if (arguments.contains("events"_L1))
        window.showPage(HeaderBar::Events);
    if (arguments.contains("settings"_L1) || arguments.contains("notoken"_L1))
        window.showPage(HeaderBar::Settings);
    if (arguments.contains("test"_L1))
        window.settings()->testConnection();
    if (arguments.contains("menu"_L1))
        QTimer::singleShot(300, &tray, [&] { tray.menu().popup(QPoint(1100, 300)); });

    QTimer growth;
    QObject::connect(&growth, &QTimer::timeout, &growth,
                     [&] { writeLog(demo.withLogs({}).stdoutPath, false); });
    growth.start(500);
    return QApplication::exec();
}
